import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { UsageError } from '../../errors.ts'
import { foldIn, type Key, key as keyOf, permutation } from '../../random/index.ts'
import type { Metric } from '../metric.ts'
import { normalQuantile } from '../normalQuantile.ts'
import type { SplitPredictions } from '../predictions.ts'
import type { Resampled } from '../resampled.ts'
import type { Interval } from '../wilson.ts'
import { requireLevel } from './level.ts'
import { examplesIn, oneStratum, resampler, strataOf } from './resample.ts'

export interface BootstrapOptions {
  /** Chance of the draws (default `key(0)`): the same key gives the same interval. */
  readonly key?: Key
  /** How many resamples (default 2,000). */
  readonly resamples?: number
  /** Confidence level, strictly between 0 and 1 (default 0.95). */
  readonly level?: number
  /**
   * `percentile` takes the quantiles of the resampled values; `bca` (default) moves them for bias and for a spread that changes with the
   * value, and costs up to `jackknifeParts` further evaluations.
   */
  readonly method?: 'percentile' | 'bca'
  /**
   * Most parts that the jackknife of `bca` leaves out one by one (default 2,000). The acceleration's error is about 0.4 / parts: 200 do where
   * time is short.
   */
  readonly jackknifeParts?: number
  /** Draw within each class, so that every resample has the split's class counts (default false). Classification alone. */
  readonly stratified?: boolean
}

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
  return bootstrap(metric.resampled(predictions), predictions, options)
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
  const [first, second] = [metric.resampled(a), metric.resampled(b)]
  return bootstrap((counts) => first(counts) - second(counts), a, options)
}

function bootstrap(
  statistic: Resampled,
  predictions: SplitPredictions,
  {
    key = keyOf(0),
    resamples = 2000,
    level = 0.95,
    method = 'bca',
    jackknifeParts = 2000,
    stratified = false,
  }: BootstrapOptions,
): BootstrapInterval {
  requireLevel(level)
  if (!Number.isInteger(resamples) || resamples < 2)
    throw new UsageError(`resamples is ${resamples}: give a whole number of at least 2, such as 2000`)
  if (!Number.isInteger(jackknifeParts) || jackknifeParts < 2)
    throw new UsageError(`jackknifeParts is ${jackknifeParts}: give a whole number of at least 2, such as 200`)
  const n = examplesIn(predictions)
  const strata = stratified ? strataOf(labelsOf(predictions)) : oneStratum(n)
  const draw = resampler(foldIn(key, 'bootstrap'), strata)
  const all = Float64Array.from({ length: resamples }, (_, r) => statistic(draw(r)))
  const values = all.filter((value) => !Number.isNaN(value)).sort()
  const estimate = statistic()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const tails = [(1 - level) / 2, (1 + level) / 2] as const
  const [low, high] =
    method === 'bca' ? corrected(tails, values, estimate, () => acceleration(statistic, n, key, jackknifeParts)) : tails
  const isDefined = !Number.isNaN(estimate)
  return {
    estimate,
    low: isDefined ? quantile(values, low) : Number.NaN,
    high: isDefined ? quantile(values, high) : Number.NaN,
    standardError: Math.sqrt(squares / (values.length - 1)),
    level,
    method,
    resampled: stratified ? 'examples within classes' : 'examples',
    n,
    resamples: values.length,
    undefined: resamples - values.length,
  }
}

function labelsOf(predictions: SplitPredictions): Int32Array {
  if (predictions.task === 'classification') return predictions.targets
  throw new UsageError(
    'stratified is true and the targets are numbers: leave it out, there are no classes to draw within',
  )
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
function acceleration(statistic: Resampled, n: number, key: Key, most: number): number {
  const parts = Math.min(n, most)
  const order = parts === n ? oneStratum(n)[0] : permutation(foldIn(key, 'jackknife'), n)
  const counts = new Uint32Array(n).fill(1)
  const values: number[] = []
  for (let part = 0; part < parts; part++) {
    const out = order?.subarray(Math.floor((part * n) / parts), Math.floor(((part + 1) * n) / parts)) ?? []
    for (const i of out) counts[i] = 0
    const value = statistic(counts)
    if (!Number.isNaN(value)) values.push(value)
    for (const i of out) counts[i] = 1
  }
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
