import { UsageError } from '../../errors.ts'

/**
 * p-values corrected by Holm for being many: rejecting where the corrected one is at most α makes one false rejection or more with
 * probability α at most, however the tests depend on one another. The k-th smallest of m is multiplied by m − k + 1, and none falls below
 * a smaller one's; more powerful than Bonferroni's and as safe.
 *
 * Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 *
 * @returns in the order given
 * @throws UsageError when one is not from 0 to 1
 *
 * @example
 * holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  const bad = pValues.findIndex((p) => !(p >= 0 && p <= 1))
  if (bad >= 0) throw new UsageError(`p-value ${bad} is ${pValues[bad]}: give probabilities from 0 to 1`)
  const order = pValues.map((_, i) => i).sort((i, j) => (pValues[i] ?? 0) - (pValues[j] ?? 0))
  const out = [...pValues]
  let largest = 0
  for (const [k, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - k) * (pValues[i] ?? 0)))
    out[i] = largest
  }
  return out
}
