import { UsageError } from '../errors.ts'
import { requireCount } from './count.ts'
import { type Key, randomBits } from './key.ts'

export interface NormalOptions {
  /** Mean (default 0). */
  readonly mean?: number
  /** Standard deviation, at least 0 (default 1). */
  readonly std?: number
}

const UNIT = 2 ** -32

/**
 * `n` float32 from the normal distribution, by the transform of Box and Muller (1958): two words give two numbers.
 * With 32 bits in the radius the numbers reach 6.66 standard deviations.
 *
 * The random words are the same on every machine; `Math.log` and `Math.cos` may differ in the last place between JavaScript
 * engines, so the float32 are equal bit for bit under one engine (Node, Chrome) and to rounding across engines.
 *
 * @returns [n]; the first k numbers of a longer draw are those of a shorter one
 * @throws UsageError when mean or std is not finite, std is negative, or n is not a count
 *
 * @example
 * const weights = normal(foldIn(key(0), 'weights'), 784 * 128, { std: Math.sqrt(2 / 784) })
 */
export function normal(key: Key, n: number, { mean = 0, std = 1 }: NormalOptions = {}): Float32Array {
  requireCount('normal', n)
  if (!Number.isFinite(mean)) throw new UsageError(`normal: mean is ${mean}; give a finite number`)
  if (!Number.isFinite(std) || std < 0) throw new UsageError(`normal: std is ${std}; give a finite number, at least 0`)
  const even = n + (n % 2)
  const out = new Float32Array(even)
  // The words lie in the result's own memory: each pair is read just before its numbers are written over it.
  const bits = randomBits(key, new Uint32Array(out.buffer))
  for (let i = 0; i < even; i += 2) {
    const radius = std * Math.sqrt(-2 * Math.log(((bits[i] ?? 0) + 1) * UNIT))
    const angle = 2 * Math.PI * UNIT * (bits[i + 1] ?? 0)
    out[i] = mean + radius * Math.cos(angle)
    out[i + 1] = mean + radius * Math.sin(angle)
  }
  return even === n ? out : out.slice(0, n)
}
