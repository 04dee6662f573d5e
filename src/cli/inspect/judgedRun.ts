import type { LoadHooks, Splits } from '../../data/index.ts'
import type { Judged } from '../../inspect/index.ts'
import { type Run, readDivision, requireOwnData } from '../../runs/index.ts'
import { loadNetwork, type TestedModel, testedNetwork } from '../../runs/testModel/index.ts'
import type { Split } from '../../train/evaluate.ts'
import { describe, type Experiment } from '../../train/index.ts'
import { experimentOfRun } from '../experimentOfRun.ts'

/** A run as it is measured: its network, its loss, and the samples that it learnt from and was tested on. */
export interface JudgedRun {
  readonly experiment: Experiment
  readonly judged: Judged
  readonly model: TestedModel
  readonly splits: { readonly train: Split; readonly test: Split }
}

/**
 * Opens one run after the other, with their data, which are loaded once for all that have the same.
 *
 * @param file - of the runs' experiment, where it is not the manifest's
 * @throws UsageError where the data have changed since a run was trained
 */
export function judgedRuns(hooks: LoadHooks, file?: string): (run: Run) => Promise<JudgedRun> {
  const sources = new Map<string, Promise<Splits>>()
  return async (run) => {
    const found = await experimentOfRun(run, file)
    const key = JSON.stringify(describe(found).data)
    const loaded = sources.get(key) ?? found.data.load(hooks)
    sources.set(key, loaded)
    const { train, test } = await loaded
    requireOwnData(run, { train, test })
    const experiment = found.with({ data: { ...found.data, load: () => loaded } })
    const network = await loadNetwork(run, experiment, hooks)
    const indices = Uint32Array.from({ length: test.length }, (_, i) => i)
    return {
      experiment,
      judged: { ...network, loss: experiment.loss },
      model: testedNetwork(network, experiment),
      splits: {
        train: { dataset: train, indices: (await readDivision(run)).train },
        // What was not tested on new samples is measured on its validation split.
        test:
          test.length > 0
            ? { dataset: test, indices }
            : { dataset: train, indices: (await readDivision(run)).validation },
      },
    }
  }
}

/** What a reader must know of runs whose data have no test split. */
export function untested(runs: readonly Run[]): readonly string[] {
  const without = runs.filter(({ manifest }) => manifest.data.splits.test === 0)
  return without.length === 0
    ? []
    : [
        `${without.length === runs.length ? 'the runs' : `${without.length} of ${runs.length} runs`} have no test split: the validation split stands for it`,
      ]
}
