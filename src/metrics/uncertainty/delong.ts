import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { UsageError } from '../../errors.ts'
import { normalQuantile } from '../normalQuantile.ts'
import { requireClass, requireProbabilities } from '../predictions.ts'
import type { Interval } from '../wilson.ts'
import { requireLevel } from './level.ts'
import type { PairedTest } from './pairedTest.ts'

export interface DeLongOptions {
  /** The class whose examples are told from the others (default 1). */
  readonly of?: number
  /** Confidence level, strictly between 0 and 1 (default 0.95). */
  readonly level?: number
}

/** Bounds are kept within [0, 1]. */
export interface DeLongInterval extends Interval {
  readonly auc: number
  readonly standardError: number
  readonly level: number
}

export interface DeLongTest extends PairedTest {
  readonly aucA: number
  readonly aucB: number
  /** Interval of aucA − aucB. */
  readonly difference: Interval
}

/**
 * The area under the ROC curve of one class with DeLong's interval, AUC ± z·√variance: over examples of both sides, without resampling.
 * It needs some tens of each side, and fails next to 1: a perfect area has no width. Then use a bootstrap with more data, or none.
 *
 * Source: DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic
 * curves", Biometrics 44 (1988), computed in O(n log n).
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @throws UsageError when a row is no distribution, there are not two examples of the class and two others, or no such class
 *
 * @example
 * delongInterval(targets, softmax(scores, 2), 2) // { auc: 0.94, standardError: 0.011, low: 0.918, high: 0.962, level: 0.95 }
 */
export function delongInterval(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { of = 1, level = 0.95 }: DeLongOptions = {},
): DeLongInterval {
  requireLevel(level)
  const { auc, hits, misses } = placements(targets, probabilities, classes, of)
  const standardError = standardErrorOf(hits, misses)
  const half = normalQuantile((1 + level) / 2) * standardError
  return { auc, standardError, low: Math.max(0, auc - half), high: Math.min(1, auc + half), level }
}

/**
 * DeLong's test whether two models have the same area under the ROC curve over the same examples. The statistic is
 * z = (AUCₐ − AUC_b) / √variance. 1 where the two rank alike, and 0 where they differ without any variance.
 *
 * @param a - probabilities of the first model, [n, classes] row-major
 * @param b - probabilities of the second model over the same examples
 * @throws UsageError as {@link delongInterval} does
 *
 * @example
 * delongTest(targets, softmax(ofConvNet, 10), softmax(ofMlp, 10), 10, { of: 3 }).pValue
 */
export function delongTest(
  targets: Int32Array,
  a: Float32Array,
  b: Float32Array,
  classes: number,
  { of = 1, level = 0.95 }: DeLongOptions = {},
): DeLongTest {
  requireLevel(level)
  const first = placements(targets, a, classes, of)
  const second = placements(targets, b, classes, of)
  const hits = first.hits.map((value, i) => value - (second.hits[i] ?? 0))
  const misses = first.misses.map((value, i) => value - (second.misses[i] ?? 0))
  const standardError = standardErrorOf(hits, misses)
  const gap = first.auc - second.auc
  const statistic = gap === 0 ? 0 : gap / standardError
  const half = normalQuantile((1 + level) / 2) * standardError
  return {
    test: 'DeLong',
    method: 'normal',
    pValue: 2 * normalCdf(-Math.abs(statistic), 0, 1),
    statistic,
    n: targets.length,
    aucA: first.auc,
    aucB: second.auc,
    difference: { low: gap - half, high: gap + half },
  }
}

/** For each example of the class the share of the others that it scores above, and for each other the share that scores above it. */
function placements(targets: Int32Array, probabilities: Float32Array, classes: number, of: number) {
  requireProbabilities(probabilities, classes, targets)
  requireClass(of, classes)
  const examples = targets.map((_, i) => i)
  const scoreOf = (i: number) => probabilities[i * classes + of] ?? 0
  const own = Float32Array.from(
    examples.filter((i) => targets[i] === of),
    scoreOf,
  )
  const others = Float32Array.from(
    examples.filter((i) => targets[i] !== of),
    scoreOf,
  )
  if (own.length < 2 || others.length < 2)
    throw new UsageError(
      `class ${of} has ${own.length} examples and ${others.length} are of others: DeLong's variance needs two of each`,
    )
  const [sortedOwn, sortedOthers] = [own.slice().sort(), others.slice().sort()]
  const hits = Float64Array.from(own, (score) => shareBelow(sortedOthers, score))
  const misses = Float64Array.from(others, (score) => 1 - shareBelow(sortedOwn, score))
  return { auc: hits.reduce((sum, value) => sum + value, 0) / hits.length, hits, misses }
}

/** Share of sorted values below one, equal ones counting half. */
const shareBelow = (sorted: Float32Array, value: number): number =>
  (countBefore(sorted, (x) => x < value) + countBefore(sorted, (x) => x <= value)) / (2 * sorted.length)

function countBefore(sorted: Float32Array, isBefore: (x: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(sorted[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}

const standardErrorOf = (hits: Float64Array, misses: Float64Array): number =>
  Math.sqrt(variance(hits) / hits.length + variance(misses) / misses.length)

/** With n − 1. */
function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
