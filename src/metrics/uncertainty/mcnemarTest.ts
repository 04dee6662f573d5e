import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { requireClasses } from '../predictions.ts'
import type { PairedTest } from './pairedTest.ts'

export interface McNemarTest extends PairedTest {
  /** Examples that the first model alone got right. */
  readonly onlyA: number
  /** Examples that the second model alone got right. */
  readonly onlyB: number
}

export interface McNemarOptions {
  /**
   * `exact` (default): binomial, for any number of examples. `corrected`: χ² = (|onlyA − onlyB| − 1)² / (onlyA + onlyB), what many papers
   * report; close to it from some 25 examples that the models differ on.
   */
  readonly method?: 'exact' | 'corrected'
}

/**
 * McNemar's test whether two classifiers are right equally often, from one test split: of the examples that one of them alone got
 * right, half should be each one's. It knows nothing of the spread between seeds: two trainings of one network may differ by it.
 *
 * The statistic is the smaller of the two counts (`exact`), or χ² (`corrected`). 1 where the models never differ in being right.
 *
 * Source: McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12 (1947);
 * continuity correction: Edwards, Psychometrika 13 (1948).
 *
 * @param targets - true classes, [n]
 * @param a - classes that the first model predicted, [n]
 * @param b - classes that the second model predicted, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number is negative
 *
 * @example
 * mcnemarTest(Int32Array.of(0, 1, 1, 0), Int32Array.of(0, 1, 1, 1), Int32Array.of(1, 0, 0, 1)).pValue // 0.25
 */
export function mcnemarTest(
  targets: Int32Array,
  a: Int32Array,
  b: Int32Array,
  { method = 'exact' }: McNemarOptions = {},
): McNemarTest {
  requireClasses(targets, a)
  requireClasses(targets, b)
  let [onlyA, onlyB] = [0, 0]
  for (const [i, target] of targets.entries()) {
    const [isA, isB] = [a[i] === target, b[i] === target]
    onlyA += Number(isA && !isB)
    onlyB += Number(isB && !isA)
  }
  const [n, fewer] = [onlyA + onlyB, Math.min(onlyA, onlyB)]
  const found = { test: 'McNemar', onlyA, onlyB, n } as const
  if (method === 'exact')
    return { ...found, method, statistic: fewer, pValue: n === 0 ? 1 : Math.min(1, 2 * binomialCdf(fewer, n, 0.5)) }
  const z = n === 0 ? 0 : Math.max(0, Math.abs(onlyA - onlyB) - 1) / Math.sqrt(n)
  return { ...found, method: 'normal', statistic: z * z, pValue: 2 * normalCdf(-z, 0, 1) }
}
