import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { UsageError } from '../../errors.ts'
import type { Interval } from '../wilson.ts'
import { requireLevel } from './level.ts'

/** Bounds are those of the corrected t-interval of the mean. */
export interface FoldSummary extends Interval {
  /** Folds, those of all repeats. */
  readonly n: number
  readonly mean: number
  /** Standard deviation between folds, with n − 1; NaN for one fold. */
  readonly sd: number
  /** The corrected one of the mean, sd·√(1/n + ratio). */
  readonly standardError: number
  readonly level: number
}

/**
 * Mean and standard deviation of a score over the folds of a cross-validation, with the corrected resampled t-interval,
 * mean ± t(n − 1)·sd·√(1/n + ratio). Folds share most of what they train on, so their scores lean the same way and Student's interval,
 * without the ratio, is much too narrow. No interval is exact: the variance of a cross-validation has no unbiased estimate (Bengio and
 * Grandvalet, JMLR 5, 2004), and this one, made for random divisions, errs to the wide side for few folds.
 *
 * Source: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52 (2003), the corrected resampled t-test.
 *
 * @param values - one of each fold
 * @param options - ratio: samples that give a fold's score to those that it trains on, 1/(k − 1) for k folds; level: confidence level
 *   (default 0.95)
 * @throws UsageError when there is no value, one is not finite, the ratio is no positive number, or the level is not within (0, 1)
 *
 * @example
 * meanOverFolds([0.9, 0.92, 0.94], { ratio: 1 / 2 }) // mean 0.92, sd 0.02, from 0.8415 to 0.9985
 */
export function meanOverFolds(
  values: readonly number[],
  { ratio, level = 0.95 }: { readonly ratio: number; readonly level?: number },
): FoldSummary {
  requireLevel(level)
  const n = values.length
  if (n === 0) throw new UsageError('there is no value to take the mean of: give one of each fold')
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new UsageError(`ratio is ${ratio}: give the scored samples of a fold divided by those it trains on`)
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new UsageError(`value ${bad} is ${values[bad]}: folds without a score have no mean`)
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const sd = n === 1 ? Number.NaN : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
  const standardError = sd * Math.sqrt(1 / n + ratio)
  const half = n === 1 ? Number.NaN : tQuantile((1 + level) / 2, n - 1) * standardError
  return { n, mean, sd, standardError, low: mean - half, high: mean + half, level }
}
