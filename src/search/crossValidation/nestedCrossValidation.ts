import { divideWithin, type FoldStrategy, type HoldOutStrategy, type LoadHooks } from '../../data/index.ts'
import type { Experiment } from '../../train/index.ts'
import { type CrossValidation, type CrossValidationHooks, crossValidate, summarizeFolds } from './crossValidate.ts'
import type { FoldResult } from './foldScore.ts'
import { type Fold, type FoldOptions, type Folds, type MaterializedFolds, materializeFolds } from './folds.ts'

export interface NestedOptions extends FoldOptions {
  /** How each outer fold's training part is divided to choose by, as in `stratifiedKFold({ folds: 3 })`. */
  readonly choosing: FoldStrategy | HoldOutStrategy
  /** Seeds of what is chosen, on the outer folds; default: the experiment's. */
  readonly seeds?: readonly number[]
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number
}

/** What a nested cross-validation came to: scores of the choosing, and not of any one experiment. */
export interface NestedCrossValidation extends CrossValidation {
  /** What was chosen for each outer fold. */
  readonly chosen: readonly Experiment[]
}

/**
 * Scores a way to choose: for each outer fold an experiment is chosen on divisions of the other samples alone, trained on all of them, and
 * scored on the fold. The score with which a search found its best is too good, as it was luck, too, that chose it; this one is not (Varma
 * and Simon, "Bias in error estimation when using cross-validation for model selection", BMC Bioinformatics 7, 2006).
 *
 * @param experiment says which data there are; what is chosen must be on the same
 * @param choose the experiment for an outer fold, by its inner folds: the best of a study on them, for instance
 * @returns undefined where `shouldStop` ended it
 * @example
 * await nestedCrossValidation(base, { folds: kFold({ folds: 5 }), choosing: kFold({ folds: 3 }) }, async (folds) => {
 *   const losses = new Map<Experiment, number>()
 *   for (const one of [0.001, 0.01].map((lr) => base.set('optimizer.lr', lr)))
 *     losses.set(one, (await crossValidate(one, { folds }))?.scores.loss?.mean ?? Number.NaN)
 *   return [...losses].sort(([, a], [, b]) => a - b)[0]?.[0] ?? base
 * })
 */
export async function nestedCrossValidation(
  experiment: Experiment,
  { choosing, seeds = experiment.seeds, level, ...options }: NestedOptions,
  choose: (inner: MaterializedFolds, outer: Fold) => Promise<Experiment>,
  { onProgress, ...hooks }: Omit<CrossValidationHooks, 'known' | 'onPlan'> & LoadHooks = {},
): Promise<NestedCrossValidation | undefined> {
  const loaded = await experiment.data.load({ ...(onProgress && { onProgress }) })
  const shared = experiment.with({ data: { ...experiment.data, load: async () => loaded } })
  const { division } = await materializeFolds(shared, options)
  const results: FoldResult[] = []
  const chosen: Experiment[] = []
  for (const fold of division.folds) {
    if (hooks.shouldStop?.() === true) return undefined
    const inner: Folds = {
      ...division,
      strategy: { kind: choosing.kind, config: choosing.config },
      folds: divideWithin(loaded.train, fold.train, choosing).map(({ train, validation: score }, i) => {
        return { fold: i, repeat: 0, train, score }
      }),
    }
    const best = await choose(await materializeFolds(shared, { folds: inner }), fold)
    const alone = await materializeFolds(shared, { folds: { ...division, folds: [fold] } })
    const scored = await crossValidate(best, { folds: alone, seeds }, hooks)
    if (scored === undefined) return undefined
    results.push(...scored.results)
    chosen.push(best)
  }
  return { ...summarizeFolds(experiment, division, results, level), chosen }
}
