import { UsageError } from '../../errors.ts'
import { foldIn, type Key, key as keyOf, permutation } from '../../random/index.ts'
import type { Metric } from '../metric.ts'
import type { SplitPredictions } from '../predictions.ts'
import type { Resampled } from '../resampled.ts'
import { examplesIn, oneStratum, resampler, type SharedDraws, strataOf } from './resample.ts'

export interface ReplicateOptions {
  /** Chance of the draws (default `key(0)`): the same key gives the same interval. */
  readonly key?: Key
  /** How many resamples (default 2,000). */
  readonly resamples?: number
  /**
   * Most parts that the jackknife of `bca` leaves out one by one (default 2,000). The acceleration's error is about 0.4 / parts: 200 do where
   * time is short.
   */
  readonly jackknifeParts?: number
  /** Draw within each class, so that every resample has the split's class counts (default false). Classification alone. */
  readonly stratified?: boolean
  /** Draws that are shared with other metrics and models (default: its own); they are the same draws. Stratified ones are never shared. */
  readonly draws?: SharedDraws
}

/** A metric over the examples, over resamples of them, and without parts of them: all that bootstrap intervals are made of. */
export interface Replicates {
  /** Over the examples as they are. */
  readonly estimate: number
  /** Over each resample, in the order of the draws, [resamples]; NaN where it is undefined. */
  readonly values: Float64Array
  /** Without each part of the examples, [parts]; NaN where it is undefined. Computed when it is first asked for. */
  leftOut(): Float64Array
  readonly resampled: 'examples' | 'examples within classes'
  /** Examples. */
  readonly n: number
}

/**
 * Resamples the examples of a split and computes a metric over each draw.
 *
 * @throws UsageError when resamples or jackknifeParts is below 2, `stratified` is asked of numbers, or the metric is of another task
 *
 * @example
 * const ofConvNet = replicate(accuracy(), predictions, { resamples: 1000 })
 * bootstrapOf(ofConvNet, { level: 0.9 }) // and again at other levels, without resampling
 */
export function replicate(
  metric: Metric,
  predictions: SplitPredictions,
  { key = keyOf(0), resamples = 2000, jackknifeParts = 2000, stratified = false, draws }: ReplicateOptions = {},
): Replicates {
  if (!Number.isInteger(resamples) || resamples < 2)
    throw new UsageError(`resamples is ${resamples}: give a whole number of at least 2, such as 2000`)
  if (!Number.isInteger(jackknifeParts) || jackknifeParts < 2)
    throw new UsageError(`jackknifeParts is ${jackknifeParts}: give a whole number of at least 2, such as 200`)
  const statistic = metric.resampled(predictions)
  const n = examplesIn(predictions)
  const own = foldIn(key, 'bootstrap')
  const draw = stratified
    ? resampler(own, strataOf(labelsOf(predictions)))
    : (draws?.(own, n) ?? resampler(own, oneStratum(n)))
  const values = Float64Array.from({ length: resamples }, (_, r) => statistic(draw(r)))
  let leftOut: Float64Array | undefined
  return {
    estimate: statistic(),
    values,
    leftOut: () => {
      leftOut ??= jackknife(statistic, n, key, jackknifeParts)
      return leftOut
    },
    resampled: stratified ? 'examples within classes' : 'examples',
    n,
  }
}

/**
 * Replicates of the difference between two models, a − b, of the same metric and key over the same examples: each draw is theirs in common, so that
 * what is hard for both does not widen the interval. Where one has fewer resamples, the difference has as many.
 *
 * @throws UsageError when the two were not resampled alike
 *
 * @example
 * bootstrapOf(replicatesOfDifference(ofConvNet, ofMlp), { level: 0.95 }) // { estimate: 0.012, low: 0.007, high: 0.016, … }
 */
export function replicatesOfDifference(a: Replicates, b: Replicates): Replicates {
  if (a.n !== b.n || a.resampled !== b.resampled)
    throw new UsageError(
      `one model was resampled over ${a.n} ${a.resampled}, the other over ${b.n} ${b.resampled}: resample both alike`,
    )
  return {
    estimate: a.estimate - b.estimate,
    values: minus(a.values, b.values),
    leftOut: () => minus(a.leftOut(), b.leftOut()),
    resampled: a.resampled,
    n: a.n,
  }
}

const minus = (a: Float64Array, b: Float64Array): Float64Array =>
  a.subarray(0, b.length).map((value, i) => value - (b[i] ?? Number.NaN))

function labelsOf(predictions: SplitPredictions): Int32Array {
  if (predictions.task === 'classification') return predictions.targets
  throw new UsageError(
    'stratified is true and the targets are numbers: leave it out, there are no classes to draw within',
  )
}

function jackknife(statistic: Resampled, n: number, key: Key, most: number): Float64Array {
  const parts = Math.min(n, most)
  const order = parts === n ? oneStratum(n)[0] : permutation(foldIn(key, 'jackknife'), n)
  const counts = new Uint32Array(n).fill(1)
  return Float64Array.from({ length: parts }, (_, part) => {
    const out = order?.subarray(Math.floor((part * n) / parts), Math.floor(((part + 1) * n) / parts)) ?? []
    for (const i of out) counts[i] = 0
    const value = statistic(counts)
    for (const i of out) counts[i] = 1
    return value
  })
}
