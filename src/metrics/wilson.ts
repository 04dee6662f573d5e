import { UsageError } from '../errors.ts'
import { normalQuantile } from './normalQuantile.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Wilson's score interval for a share: the error bar of an accuracy that was measured on `n` independent examples. Unlike p ± z·σ it
 * stays within [0, 1] and keeps its coverage near 0 and 1. It says nothing about the spread between seeds.
 * Hits being whole numbers, 95 % intervals hold a given truth in 93 to 98 % of cases from some 200 examples on, and in 95 % over truths.
 *
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 *
 * @param successes - hits, a whole number from 0 to n
 * @param n - examples, at least 1
 * @param level - confidence level, strictly between 0 and 1 (default 0.95)
 * @throws UsageError when one of these is out of range
 *
 * @example
 * wilsonInterval(9_900, 10_000) // { low: 0.98785…, high: 0.99177… }
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  if (!Number.isInteger(n) || n < 1)
    throw new UsageError(`wilsonInterval: n is ${n}; give a whole number of at least 1`)
  if (!Number.isInteger(successes) || successes < 0 || successes > n)
    throw new UsageError(`wilsonInterval: successes is ${successes}; give a whole number from 0 to ${n}`)
  if (!(level > 0 && level < 1))
    throw new UsageError(`wilsonInterval: level is ${level}; give a number strictly between 0 and 1, such as 0.95`)
  const z = normalQuantile((1 + level) / 2)
  const p = successes / n
  const shrink = 1 + z ** 2 / n
  const centre = (p + z ** 2 / (2 * n)) / shrink
  const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / shrink
  // At the ends the bound is exact, and rounding must not leave [0, 1].
  return { low: successes === 0 ? 0 : centre - half, high: successes === n ? 1 : centre + half }
}
