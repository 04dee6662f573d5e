import { UsageError } from '../errors.ts'
import { requireCount } from './count.ts'
import { type Key, randomBits } from './key.ts'

/**
 * `n` bytes that are 1 with probability `p` (to within 2^-32) and 0 otherwise, one random word each.
 *
 * @param p - probability of a 1, from 0 to 1
 * @returns [n]; the first k of a longer draw are those of a shorter one
 * @throws UsageError when p is not a probability, or n is not a count
 *
 * @example
 * const keep = bernoulli(foldIn(key(0), step), 128, 0.5)
 */
export function bernoulli(key: Key, n: number, p: number): Uint8Array {
  requireCount('bernoulli', n)
  if (!(p >= 0 && p <= 1)) throw new UsageError(`bernoulli: p is ${p}; give a probability from 0 to 1`)
  const out = new Uint8Array(n)
  const bits = randomBits(key, new Uint32Array(n))
  const threshold = p * 2 ** 32
  for (let i = 0; i < n; i++) out[i] = Number((bits[i] ?? 0) < threshold)
  return out
}
