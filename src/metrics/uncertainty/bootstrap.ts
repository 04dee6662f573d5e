import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { UsageError } from '../../errors.ts'
import type { Metric } from '../metric.ts'
import { normalQuantile } from '../normalQuantile.ts'
import type { SplitPredictions } from '../predictions.ts'
import type { Interval } from '../wilson.ts'
import { requireLevel } from './level.ts'
import { type ReplicateOptions, type Replicates, replicate, replicatesOfDifference } from './replicates.ts'
import { sharedDraws } from './resample.ts'

export interface IntervalOptions {
  /** Confidence level, strictly between 0 and 1 (default 0.95). */
  readonly level?: number
  /**
   * `percentile` takes the quantiles of the resampled values; `bca` (default) moves them for bias and for a spread that changes with the
   * value, and costs up to `jackknifeParts` further evaluations.
   */
  readonly method?: 'percentile' | 'bca'
}

export type BootstrapOptions = IntervalOptions & ReplicateOptions

export interface BootstrapInterval extends Interval {
  /** The metric over the examples as they are. */
  readonly estimate: number
  /** Standard deviation of the resampled values. */
  readonly standardError: number
  readonly level: number
  readonly method: 'percentile' | 'bca'
  /** What was drawn with replacement; the spread between seeds and training sets is not in the interval. */
  readonly resampled: 'examples' | 'examples within classes'
  /** Examples. */
  readonly n: number
  /** Resamples that the interval is made of. */
  readonly resamples: number
  /** Resamples left out because the metric is undefined for them, as an AUC is where a class was not drawn. */
  readonly undefined: number
}

/**
 * A bootstrap interval of any metric: examples of the split are drawn with replacement, and the metric computed over each draw.
 * It tells how the value of this one trained model depends on which examples were tested; not how it depends on the seed.
 *
 * Coverage comes up to the level as n grows. It is too low where few examples decide: shares near 0 or 1 (of 20 examples, all right gives
 * an interval of no width: use `wilsonInterval`), AUC with a handful of positives, and `maxError`, which no bootstrap can do.
 * NaN bounds where the metric is undefined for the examples as they are.
 *
 * Source: Efron, "Better bootstrap confidence intervals", JASA 82 (1987); Efron and Tibshirani, "An introduction to the bootstrap" (1993),
 * chapters 13 and 14. Beyond `jackknifeParts` examples the jackknife of BCa's acceleration leaves out blocks drawn at random, not single ones.
 *
 * @throws UsageError when resamples or jackknifeParts is below 2, the level not within (0, 1), `stratified` is asked of numbers, or the metric is of
 * another task
 *
 * @example
 * bootstrapInterval(f1({ average: 'macro' }), predictions) // { estimate: 0.91, low: 0.89, high: 0.93, resampled: 'examples', … }
 */
export function bootstrapInterval(
  metric: Metric,
  predictions: SplitPredictions,
  options: BootstrapOptions = {},
): BootstrapInterval {
  return bootstrapOf(replicate(metric, predictions, options), options)
}

/**
 * A bootstrap interval of the difference of a metric between two models over the same examples, a − b: both are computed over the same
 * draws, so that what is hard for both does not widen it. Models differ at the level where 0 lies outside.
 *
 * @throws UsageError as {@link bootstrapInterval} does, and when the models did not predict the same examples
 *
 * @example
 * bootstrapDifference(accuracy(), ofConvNet, ofMlp) // { estimate: 0.012, low: 0.007, high: 0.016, … }
 */
export function bootstrapDifference(
  metric: Metric,
  a: SplitPredictions,
  b: SplitPredictions,
  options: BootstrapOptions = {},
): BootstrapInterval {
  if (a.targets.length !== b.targets.length || a.targets.some((target, i) => target !== b.targets[i]))
    throw new UsageError('the two models have other targets: give predictions of the same examples in the same order')
  const shared = { draws: sharedDraws(), ...options }
  return bootstrapOf(replicatesOfDifference(replicate(metric, a, shared), replicate(metric, b, shared)), options)
}

/**
 * The interval that replicates give; see {@link bootstrapInterval}.
 *
 * @throws UsageError when the level is not within (0, 1)
 *
 * @example
 * bootstrapOf(replicate(f1(), predictions), { level: 0.9 })
 */
export function bootstrapOf(
  { estimate, values: all, leftOut, resampled, n }: Replicates,
  { level = 0.95, method = 'bca' }: IntervalOptions = {},
): BootstrapInterval {
  requireLevel(level)
  const values = all.filter((value) => !Number.isNaN(value)).sort()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const tails = [(1 - level) / 2, (1 + level) / 2] as const
  const [low, high] = method === 'bca' ? corrected(tails, values, estimate, () => acceleration(leftOut())) : tails
  const isDefined = !Number.isNaN(estimate)
  return {
    estimate,
    low: isDefined ? quantile(values, low) : Number.NaN,
    high: isDefined ? quantile(values, high) : Number.NaN,
    standardError: Math.sqrt(squares / (values.length - 1)),
    level,
    method,
    resampled,
    n,
    resamples: values.length,
    undefined: all.length - values.length,
  }
}

/** Where BCa reads the quantiles: shifted by the bias z0, and by the acceleration a times the distance. */
function corrected(
  tails: readonly [number, number],
  values: Float64Array,
  estimate: number,
  accelerate: () => number,
): readonly [number, number] {
  let below = 0
  for (const value of values) below += value < estimate ? 1 : value === estimate ? 0.5 : 0
  const share = below / values.length
  // All values on one side, or all the same: there is nothing to correct by.
  if (!(share > 0 && share < 1) || values[0] === values.at(-1)) return tails
  const bias = normalQuantile(share)
  const a = accelerate()
  const move = (tail: number) => {
    const z = bias + normalQuantile(tail)
    return normalCdf(bias + z / (1 - a * z), 0, 1)
  }
  return [move(tails[0]), move(tails[1])]
}

/** Σ d³ / 6 (Σ d²)^1.5 with d how far the metric falls when a part of the examples is left out. */
function acceleration(leftOut: Float64Array): number {
  const values = leftOut.filter((value) => !Number.isNaN(value))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let [squares, cubes] = [0, 0]
  for (const value of values) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** Linear between order statistics, NumPy's default. */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const [from = Number.NaN, to] = [sorted[below], sorted[below + 1]]
  return to === undefined || to === from ? from : from + (place - below) * (to - from)
}
