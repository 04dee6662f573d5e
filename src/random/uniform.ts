import { UsageError } from '../errors.ts'
import { instruction as i } from '../runtime/wasm/encode.ts'
import { requireCount } from './count.ts'
import { type Conversion, makeDraw } from './draw.ts'
import type { Key } from './key.ts'

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
export function uniform(key: Key, n: number, options?: UniformOptions): Float32Array {
  requireCount('uniform', n)
  return fillUniform(key, new Float32Array(n), options)
}

/** {@link uniform} into an array that is there. */
export function fillUniform(key: Key, out: Float32Array, { low = 0, high = 1 }: UniformOptions = {}): Float32Array {
  const smallest = float32AtLeast(low)
  const largest = -float32Above(-high)
  if (!Number.isFinite(high - low) || !(smallest <= largest))
    throw new UsageError(`uniform: [${low}, ${high}) holds no float32; give finite bounds with low < high`)
  draw(key, out, low, (high - low) * 2 ** -24, smallest, largest)
  return out
}

/** The sum is made in float64, and rounded to float32 once. */
export const uniformConversion: Conversion<Float32Array> = {
  scalars: ['f64', 'f64', 'f32', 'f32'],
  plain: (words, out, low, step, smallest, largest) => {
    for (let k = 0; k < out.length; k++) {
      const value = low + ((words[k] ?? 0) >>> 8) * step
      out[k] = Math.min(Math.max(value, smallest), largest)
    }
  },
  simd: (word, low, step, smallest, largest) => {
    const sum = [i.f64x2ConvertLowI32x4Signed, i.localGet(step), i.f64x2Mul, i.localGet(low), i.f64x2Add]
    const secondHalf = [i.localGet(word), i.localGet(word), i.i32x4Shuffle([2, 3, 2, 3])]
    return [
      ...[i.localGet(word), i.i32Const(8), i.i32x4ShiftRightUnsigned, i.localTee(word)],
      ...[...sum, i.f32x4DemoteF64x2Zero],
      ...[...secondHalf, ...sum, i.f32x4DemoteF64x2Zero],
      i.i32x4Shuffle([0, 1, 4, 5]),
      ...[i.localGet(smallest), i.f32x4PseudoMax, i.localGet(largest), i.f32x4PseudoMin],
    ]
  },
}
const draw = makeDraw(uniformConversion)

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
