import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { UsageError } from '../../errors.ts'

/** Beyond, the density of any maximum is less than 1e-15. */
const REACH = 12
const STEP = 1 / 64

/**
 * Mean and standard deviation of the largest of n independent standard normal numbers: the integrals of x and x² times n φ(x) Φ(x)ⁿ⁻¹ by the
 * trapezoidal rule, whose error vanishes exponentially for such functions; to about 12 digits up to a million numbers.
 *
 * Source: Tippett, "On the extreme individuals and the range of samples taken from a normal population", Biometrika 17 (1925).
 *
 * @throws UsageError unless n is a whole number of at least 1
 *
 * @example
 * normalMaximum(100).mean // 2.5076
 */
export function normalMaximum(n: number): { readonly mean: number; readonly sd: number } {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new UsageError(`normalMaximum: n is ${n}; give a whole number of at least 1`)
  let [first, second] = [0, 0]
  for (let x = -REACH; x <= REACH; x += STEP) {
    const density = (n * Math.exp((-x * x) / 2) * normalCdf(x, 0, 1) ** (n - 1)) / Math.sqrt(2 * Math.PI)
    first += x * density * STEP
    second += x * x * density * STEP
  }
  return { mean: first, sd: Math.sqrt(second - first * first) }
}
