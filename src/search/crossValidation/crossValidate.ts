import type { LoadHooks } from '../../data/index.ts'
import { type FoldSummary, meanOverFolds } from '../../metrics/uncertainty/index.ts'
import type { Experiment, Scores } from '../../train/index.ts'
import { type FitHooks, type FitPlan, fitAll, planFits, remaining } from '../fits/index.ts'
import { type FoldFit, type FoldPlace, type FoldResult, foldFits, scoreFold } from './foldScore.ts'
import { type FoldOptions, type Folds, type MaterializedFolds, materializeFolds } from './folds.ts'
import { type OutOfFold, outOfFold } from './outOfFold.ts'

export interface CrossValidationOptions extends FoldOptions {
  /** Each fold is trained with each of them, and its score is their mean; default: the experiment's. */
  readonly seeds?: readonly number[]
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number
}

/** Hooks of the trainings; fits are numbered as in the plan. */
export interface CrossValidationHooks extends Omit<FitHooks, 'plan'> {
  /** What a training came to before: it is not done again, unless it is packed with one that was not done. */
  known?(place: FoldPlace): FoldResult | undefined
  /** What is still to be trained, and how, of all trainings. */
  onPlan?(plan: FitPlan, fits: readonly FoldFit[]): void | Promise<void>
  /** When a training is done and scored. */
  onFold?(result: FoldResult): void | Promise<void>
}

/** What a cross-validation came to. */
export interface CrossValidation {
  readonly division: Folds
  readonly seeds: readonly number[]
  /** Of each fold and seed: seed after seed. */
  readonly results: readonly FoldResult[]
  /** Loss and metrics as the mean over the folds; none of those that diverged, and then no interval. */
  readonly scores: Readonly<Record<string, FoldSummary>>
  /** Loss and metrics of all out-of-fold predictions as if they were one split, as the mean over repeats and seeds. */
  readonly pooled: Scores
  /** Of each repeat and seed without a fold that diverged. */
  readonly outOfFold: readonly OutOfFold[]
}

/**
 * Trains an experiment on all folds but one, for each of them, and scores it on that one. The folds are of the training data alone; the
 * test split is left for the model that is chosen. What an experiment watches is held out of what it trains on, never the fold that
 * gives the score, and its preparation sees no more. Networks that are small enough are packed.
 *
 * @returns undefined where `shouldStop` ended it: what had been done was told by `onFold`
 * @throws UsageError where the samples cannot be divided so, or the experiment cannot train
 * @example
 * const cv = await crossValidate(experiment, { folds: stratifiedKFold({ folds: 5 }), seeds: [0, 1] })
 * cv?.scores.accuracy // { n: 5, mean: 0.91, sd: 0.02, low: 0.87, high: 0.95, … }
 */
export async function crossValidate(
  experiment: Experiment,
  options:
    | CrossValidationOptions
    | (Omit<CrossValidationOptions, keyof FoldOptions> & { readonly folds: MaterializedFolds }),
  { known, onPlan, onFold, onProgress, ...hooks }: CrossValidationHooks & LoadHooks = {},
): Promise<CrossValidation | undefined> {
  const { folds: asked, seeds = experiment.seeds, level = 0.95 } = options
  const folds =
    'prepare' in asked
      ? asked
      : await materializeFolds(experiment, { ...options, folds: asked }, { ...(onProgress && { onProgress }) })
  const all = await foldFits(experiment, folds, seeds)
  const results = new Map<string, FoldResult>()
  for (const { place } of all) {
    const result = known?.(place)
    if (result !== undefined) results.set(nameOf(place), result)
  }
  const names = all.map(({ place }) => nameOf(place))
  const plan = remaining(planFits(all), (fit) => results.has(names[fit] ?? ''))
  await onPlan?.(plan, all)
  const keep = async (...[outcome, fit]: Parameters<typeof scoreFold>): Promise<FoldResult> => {
    const result = await scoreFold(outcome, fit)
    results.set(nameOf(fit.place), result)
    await onFold?.(result)
    return result
  }
  await fitAll(all, keep, { ...hooks, plan })
  const done = names.flatMap((name) => results.get(name) ?? [])
  return done.length < all.length ? undefined : summarizeFolds(experiment, folds.division, done, level)
}

const nameOf = ({ repeat, fold, seed }: FoldPlace): string => `${repeat}-${fold}-${seed}`

/**
 * What the results of all folds come to.
 *
 * @param level confidence level of the intervals
 */
export function summarizeFolds(
  { metrics }: Pick<Experiment, 'metrics'>,
  division: Folds,
  results: readonly FoldResult[],
  level = 0.95,
): CrossValidation {
  const names = ['loss', ...metrics.map(({ name }) => name)]
  const pooled = outOfFold(division, results, metrics)
  const ratio = mean(division.folds.map(({ score, train }) => score.length / train.length))
  const scores = names.map((name) => {
    const values = division.folds.map(({ repeat, fold }) =>
      mean(
        results
          .filter((one) => one.repeat === repeat && one.fold === fold)
          .map((one) => one.scores[name] ?? Number.NaN),
      ),
    )
    return [name, summaryOf(values, ratio, level)] as const
  })
  return {
    ...{ division, results, outOfFold: pooled },
    seeds: [...new Set(results.map(({ seed }) => seed))],
    scores: Object.fromEntries(scores),
    pooled: Object.fromEntries(
      pooled.length === 0
        ? []
        : names.map((name) => [name, mean(pooled.map((one) => one.pooled[name] ?? Number.NaN))] as const),
    ),
  }
}

/** A fold without a score leaves nothing to say of them all. */
function summaryOf(values: readonly number[], ratio: number, level: number): FoldSummary {
  if (values.every(Number.isFinite)) return meanOverFolds(values, { ratio, level })
  const none = Number.NaN
  return { n: values.length, mean: none, sd: none, standardError: none, low: none, high: none, level }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
