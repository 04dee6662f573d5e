import { UsageError } from '../../errors.ts'
import { type ExecuteOptions, type Execution, execute } from '../../runs/index.ts'
import { type Experiment, type Json, prepare } from '../../train/index.ts'
import { isStrategy } from '../../train/settings.ts'
import type { FoldScore } from './foldScore.ts'
import { scheduleWatches, watches } from './inner.ts'

/** How the model that is kept is trained, after its folds have been scored. */
export interface Refit {
  /** What differs from the cross-validated experiment, as `--set` has it. */
  readonly settings: readonly (readonly [path: string, value: Json])[]
  readonly experiment: Experiment
  /** The same in words. */
  readonly how: string
}

/** Share that is held out for what cannot do without. */
const SHARE = 0.2

/**
 * How to train on all of the training data what has been scored on folds. An experiment that stops early has nothing left to watch then: it
 * trains for as many epochs as its folds took to their best ones, the rounded mean. Where its learning rate goes by what is watched, or by
 * the number of epochs, that would be another training: it stops early on its own split as the file says, or on a fifth where it has none.
 *
 * @param seed of the run
 * @throws UsageError where no fold has a score
 */
export function refitOf(experiment: Experiment, results: readonly FoldScore[], seed: number): Refit {
  const done = results.filter(({ status }) => status === 'finished')
  if (done.length === 0)
    throw new UsageError(
      `${experiment.name} diverged on every fold: lower its learning rate before training on all data`,
    )
  const { split, schedule, earlyStopping, monitor } = experiment
  const isSplit = isStrategy(split) || split.validation !== 0
  const stops = earlyStopping !== undefined && watches(experiment)
  const settings: (readonly [string, Json])[] = []
  let how = 'on all training data'
  if (scheduleWatches(schedule) || (stops && schedule.kind !== 'constant')) {
    how = isSplit ? 'on its own split' : `on ${100 * (1 - SHARE)} % of the training data, watching the others`
    how += ', because its learning rate goes by when it stops'
    if (!isSplit) settings.push(['split', { validation: SHARE }])
  } else {
    if (isSplit) settings.push(['split', { validation: 0 }])
    if (monitor?.startsWith('validation.')) settings.push(['monitor', monitor.replace('validation', 'train')])
    if (stops) {
      const { restoreBest } = earlyStopping.config
      const counts = done.map(({ bestEpoch, epochs }) => (restoreBest ? (bestEpoch ?? epochs) : epochs))
      const epochs = Math.max(1, Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length))
      how += ` for ${epochs} epoch${epochs === 1 ? '' : 's'}, the mean of the folds’ ${restoreBest ? 'best' : 'last'} ones`
      // So many epochs without a better one cannot be.
      settings.push(['epochs', epochs], ['earlyStopping.patience', epochs], ['earlyStopping.restoreBest', false])
    }
  }
  const changed = settings.reduce((of, [path, value]) => of.set(path, value), experiment)
  return { settings: [...settings, ['seeds', [seed]]], experiment: changed.set('seeds', [seed]), how }
}

/**
 * Trains the model to be kept, and looks at the test split once: a run like any other.
 *
 * @returns the run; it has `test` where the data have a test split
 * @throws UsageError where no fold has a score
 * @example
 * const { folder, test } = await refit(experiment, cv, { root: 'runs', seed: 0 })
 */
export async function refit(
  experiment: Experiment,
  { results }: { readonly results: readonly FoldScore[] },
  { overrides = [], ...options }: ExecuteOptions,
): Promise<Execution> {
  const { experiment: final, settings } = refitOf(experiment, results, options.seed)
  const own = settings.filter(([path]) => path !== 'seeds').map(([path, value]): [string, Json] => [path, value])
  return execute(final, await prepare(final), { ...options, overrides: [...overrides, ...own] })
}
