import { UsageError } from '../errors.ts'
import { requireCount } from './count.ts'
import { type Key, randomBits } from './key.ts'

export interface UniformOptions {
  /** Smallest value (default 0). */
  readonly low?: number
  /** Upper bound, never reached (default 1). */
  readonly high?: number
}

/**
 * `n` float32 from the uniform distribution on [low, high): 2^24 equally likely values, one random word each.
 * The upper bound is never reached, not even where rounding to float32 would lead there.
 *
 * @returns [n]; the first k numbers of a longer draw are those of a shorter one
 * @throws UsageError when no float32 lies in [low, high), or n is not a count
 *
 * @example
 * const x = uniform(key(0), 75, { low: -1, high: 1 })
 */
export function uniform(key: Key, n: number, { low = 0, high = 1 }: UniformOptions = {}): Float32Array {
  requireCount('uniform', n)
  const smallest = float32AtLeast(low)
  const largest = -float32Above(-high)
  if (!Number.isFinite(high - low) || !(smallest <= largest))
    throw new UsageError(`uniform: [${low}, ${high}) holds no float32; give finite bounds with low < high`)
  const out = new Float32Array(n)
  // The words lie in the result's own memory: each is read just before its number is written over it.
  const bits = randomBits(key, new Uint32Array(out.buffer))
  const step = (high - low) * 2 ** -24
  for (let i = 0; i < n; i++) {
    const value = low + ((bits[i] ?? 0) >>> 8) * step
    out[i] = Math.min(Math.max(value, smallest), largest)
  }
  return out
}

/** The smallest float32 that is not below `x`. */
const float32AtLeast = (x: number): number => (Math.fround(x) >= x ? Math.fround(x) : float32Above(x))

/** The smallest float32 above `x`. */
function float32Above(x: number): number {
  const float = Float32Array.of(x)
  const [rounded = Number.NaN] = float
  if (rounded > x || !Number.isFinite(rounded)) return rounded
  if (rounded === 0) return 2 ** -149
  // IEEE 754 numbers of one sign are ordered as their bit patterns are.
  const bits = new Int32Array(float.buffer)
  bits[0] = (bits[0] ?? 0) + (rounded > 0 ? 1 : -1)
  return float[0] ?? rounded
}
