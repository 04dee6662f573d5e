import * as z from 'zod'
import type { FoldStrategy } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { type Experiment, isExperiment } from '../../train/index.ts'
import { scalars as experimentScalars } from '../../train/settings.ts'
import { neverPrune, type Pruner } from '../pruners/index.ts'
import { type Sampler, tpe } from '../samplers/index.ts'
import { type Configuration, type Constraint, type Definition, type Space, space as spaceOf } from '../space/index.ts'
import { parseObjective } from './objective.ts'

export interface SearchOptions<D extends Definition> {
  /** Letters, digits, dots, dashes and underscores: the study's folder is called so. */
  readonly name: string
  /** What varies. Where `experiment` is one experiment and no function, each name is a setting's path, as in `'optimizer.lr'` or `'model.3.p'`. */
  readonly space: D
  /** What must hold beyond the ranges; default nothing. */
  readonly constraints?: readonly Constraint<Configuration<D>>[]
  /** The experiment of a configuration, or one whose settings are replaced. Its own seeds are not looked at. */
  readonly experiment: Experiment | ((config: Configuration<D>) => Experiment)
  /**
   * What is to become best: a score on the samples that are held out, as in `'validation.accuracy'`. Whether large or small is good is the metric's own.
   * Default `'validation.loss'`.
   */
  readonly objective?: string
  /** Scores are means over these folds of the training data; default: on the experiment's validation split. */
  readonly crossValidation?: FoldStrategy
  /** Default `tpe()`. */
  readonly sampler?: Sampler
  /** Default: every trial comes to its end. */
  readonly pruner?: Pruner
  /** Default: as many as the sampler has, or 50. */
  readonly trials?: number
  /** Each trial is the mean over these; default `[0]`. */
  readonly seeds?: readonly number[]
  /** All of the sampler's chance; default 0. */
  readonly seed?: number
}

/** What is searched, and how: a value, which a file can export for `assay search`. */
export interface Search<C = unknown> {
  readonly kind: 'search'
  readonly name: string
  readonly space: Space<C>
  readonly objective: string
  readonly crossValidation: FoldStrategy | undefined
  readonly sampler: Sampler
  readonly pruner: Pruner
  readonly trials: number | undefined
  readonly seeds: readonly number[]
  readonly seed: number
  /**
   * The experiment of a configuration.
   *
   * @throws UsageError naming the configuration, where it makes none
   */
  experimentOf(config: C): Experiment
  /** Another search with some parts replaced. */
  with(changes: Partial<Pick<SearchOptions<Definition>, 'sampler' | 'pruner' | 'trials' | 'seeds' | 'seed'>>): Search<C>
}

const scalars = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'use letters, digits, dots, dashes and underscores only'),
  trials: z.int().min(1).optional(),
  seeds: experimentScalars.shape.seeds,
  seed: z.int().min(0),
})

const OPTIONS: Readonly<Record<keyof SearchOptions<Definition>, true>> = {
  ...{ name: true, space: true, constraints: true, experiment: true, objective: true, crossValidation: true },
  ...{ sampler: true, pruner: true, trials: true, seeds: true, seed: true },
}

/**
 * Describes a search for the best configuration of an experiment. The test split is never looked at: a trial's value is the score that the weights
 * with which training ends have on held-out samples (the best weights where early stopping restores them), as the mean over seeds and folds.
 *
 * @throws UsageError naming the option, its value and what it must be
 *
 * @example
 * export default search({
 *   name: 'regression',
 *   space: { lr: logFloat(1e-4, 1e-1), hidden: choice([[64, 64], [288, 288]]), dropout: float(0, 0.5) },
 *   experiment: ({ lr, hidden, dropout }) =>
 *     base.with({ optimizer: adam({ lr }), model: mlp({ hidden, dropout, outputs: 1 }) }),
 *   objective: 'validation.loss',
 *   crossValidation: kFold({ folds: 4 }),
 *   trials: 100,
 * })
 */
export function search<const D extends Definition>(options: SearchOptions<D>): Search<Configuration<D>> {
  const unknown = Object.keys(options).find((name) => !(name in OPTIONS))
  if (unknown !== undefined)
    throw new UsageError(`search: no option "${unknown}"; the options are ${Object.keys(OPTIONS).join(', ')}`)
  const { name, constraints = [], experiment, crossValidation, trials } = options
  const { objective = 'validation.loss', sampler = tpe(), pruner = neverPrune(), seeds = [0], seed = 0 } = options
  parseConfig('search', scalars, { name, trials, seeds, seed })
  parseObjective(objective)
  requireParts({ experiment, crossValidation, sampler, pruner })
  const space = spaceOf(options.space, constraints)
  const make = (config: Configuration<D>): Experiment => {
    const made = typeof experiment === 'function' ? experiment(config) : settled(experiment, config)
    if (!isExperiment(made)) throw new UsageError(`it is ${String(made)}, and no experiment: return experiment({ … })`)
    return made
  }
  return {
    ...{ kind: 'search', name, space, objective, crossValidation, sampler, pruner, trials, seeds, seed },
    experimentOf: (config) => {
      try {
        return make(config)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new UsageError(`search ${name}: the experiment of ${JSON.stringify(config)}: ${reason}`, { cause: error })
      }
    },
    with: (changes) => search({ ...options, ...changes }),
  }
}

/** A base experiment with the settings of a configuration. */
const settled = (base: Experiment, config: object): Experiment =>
  Object.entries(config).reduce((current, [path, value]) => current.set(path, value), base)

/** What only the types promise: a search file need not have been through a type checker. */
function requireParts(parts: Readonly<Record<'experiment' | 'crossValidation' | 'sampler' | 'pruner', unknown>>): void {
  const has = (value: unknown, method: string): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
  const { experiment, crossValidation, sampler, pruner } = parts
  const isRight: readonly (readonly [part: string, value: unknown, right: boolean, example: string])[] = [
    [
      'experiment',
      experiment,
      isExperiment(experiment) || typeof experiment === 'function',
      'an experiment, or ({ lr }) => base.with({ … })',
    ],
    [
      'crossValidation',
      crossValidation,
      crossValidation === undefined || has(crossValidation, 'fold'),
      'folds, as in stratifiedKFold({ folds: 5 })',
    ],
    ['sampler', sampler, has(sampler, 'start'), 'one, as in tpe()'],
    ['pruner', pruner, has(pruner, 'shouldPrune'), 'one, as in medianPruner()'],
  ]
  for (const [part, value, right, example] of isRight) {
    if (right) continue
    const what = typeof value === 'function' ? 'a function; call it' : value === undefined ? 'missing' : typeof value
    throw new UsageError(`search: "${part}" is ${what}: give ${example}`)
  }
}

/** Whether a value is a search: what a file for `assay search` must export. */
export const isSearch = (value: unknown): value is Search =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'search' && 'experimentOf' in value
