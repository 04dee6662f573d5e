import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { UsageError } from '../../errors.ts'
import type { Interval } from '../wilson.ts'
import { requireLevel } from './level.ts'

/** Bounds are those of the t-interval of the mean. */
export interface SeedSummary extends Interval {
  /** Runs, each with another seed. */
  readonly n: number
  readonly mean: number
  /** Standard deviation between runs, with n − 1; NaN for one run. */
  readonly sd: number
  /** sd / √n: that of the mean. */
  readonly standardError: number
  readonly level: number
}

/**
 * Mean and standard deviation of a metric over runs that differ in their seed, with Student's interval of the mean,
 * mean ± t(n − 1)·sd / √n. It tells what training again would give; which examples were tested is the same in all runs and not in it.
 * One run has no spread: sd and bounds are NaN.
 *
 * Source: Student, "The probable error of a mean", Biometrika 6 (1908).
 *
 * @param values - one of each run
 * @param options - level: confidence level (default 0.95)
 * @throws UsageError when there is no value, one is not finite, or the level is not within (0, 1)
 *
 * @example
 * meanOverSeeds([0.98, 0.985, 0.99]) // mean 0.985, sd 0.005, from 0.9726 to 0.9974
 */
export function meanOverSeeds(
  values: readonly number[],
  { level = 0.95 }: { readonly level?: number } = {},
): SeedSummary {
  requireLevel(level)
  const n = values.length
  if (n === 0) throw new UsageError('there is no value to take the mean of: give one of each run')
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new UsageError(`value ${bad} is ${values[bad]}: leave out runs that diverged, and say how many there were`)
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
  const standardError = sd / Math.sqrt(n)
  const half = n === 1 ? Number.NaN : tQuantile((1 + level) / 2, n - 1) * standardError
  return { n, mean, sd, standardError, low: mean - half, high: mean + half, level }
}
