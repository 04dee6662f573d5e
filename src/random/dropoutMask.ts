import { UsageError } from '../errors.ts'
import { instruction as i } from '../runtime/wasm/encode.ts'
import { type Conversion, makeDraw } from './draw.ts'
import type { Key } from './key.ts'

/**
 * The mask of dropout (Srivastava et al., 2014), written over all of `out`: 0 where {@link uniform} gives the same key a
 * number below `p`, rounded to float32, and 1/(1−p) elsewhere.
 *
 * @param p probability of a 0
 * @throws UsageError unless 0 ≤ p < 1
 *
 * @example
 * const mask = fillDropoutMask(key(0), new Float32Array(4), 0.5) // each number is 0 or 2
 */
export function fillDropoutMask(key: Key, out: Float32Array, p: number): Float32Array {
  if (!(p >= 0 && p < 1)) throw new UsageError(`a dropout mask's p is ${p}: give a probability from 0 to below 1`)
  // A uniform number is a whole number of 2^-24, so it is below p where that number is below this.
  const fewest = Math.ceil(Math.fround(p) * 2 ** 24)
  draw(key, out, fewest - 1, 1 / (1 - p))
  return out
}

export const dropoutMaskConversion: Conversion<Float32Array> = {
  scalars: ['i32', 'f32'],
  plain: (words, out, last, scale) => {
    for (let k = 0; k < out.length; k++) out[k] = (words[k] ?? 0) >>> 8 > last ? scale : 0
  },
  simd: (word, last, scale) => [
    ...[i.localGet(word), i.i32Const(8), i.i32x4ShiftRightUnsigned, i.localGet(last), i.i32x4GreaterSigned],
    // All bits of the scale where the comparison holds, and none, which is 0, elsewhere.
    ...[i.localGet(scale), i.v128And],
  ],
}
const draw = makeDraw(dropoutMaskConversion)
