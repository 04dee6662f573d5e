import { foldIn, type Key, normal } from '../../random/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Explained, Question } from './explained.ts'

export interface SmoothGradOptions {
  readonly key: Key
  /** Noisy copies of each sample; default 64. */
  readonly copies?: number
  /** Standard deviation of the noise, in parts of the sample's range (of 1 where all its numbers are the same); default 0.15. */
  readonly noise?: number
  /** Range of each number of a sample, `[…sample]`, where they are in units of their own; default: that of the sample's numbers together. */
  readonly range?: Float32Array
}

/**
 * The gradient averaged over noisy copies of the sample, which takes out what changes from pixel to pixel.
 *
 * Source: Smilkov et al., "SmoothGrad: removing noise by adding noise", arXiv:1706.03825 (2017).
 *
 * @returns `[n, …sample]`
 *
 * @example
 * const map = await smoothGrad(network, question, { key: key(0) })
 */
export async function smoothGrad(
  of: Explained,
  { data, outputs }: Question,
  { key, copies = 64, noise = 0.15, range }: SmoothGradOptions,
): Promise<Float32Array> {
  const width = sizeOf(of.sample)
  const found = new Float32Array(data.length)
  for (const [i, output] of outputs.entries()) {
    const x = data.subarray(i * width, (i + 1) * width)
    const std = noise * rangeOf(x)
    const stds = x.map((_, p) => (range === undefined ? std : noise * (range[p] ?? 0)))
    const own = foldIn(key, i)
    const mean = new Float64Array(width)
    for (let begin = 0; begin < copies; begin += of.batch) {
      const count = Math.min(of.batch, copies - begin)
      const noisy = normal(foldIn(own, begin), count * width)
      for (let p = 0; p < noisy.length; p++) noisy[p] = (noisy[p] ?? 0) * (stds[p % width] ?? 0) + (x[p % width] ?? 0)
      const { gradient } = await of.slopes({ data: noisy, outputs: new Int32Array(count).fill(output) })
      for (const [p, slope] of gradient.entries()) mean[p % width] = (mean[p % width] ?? 0) + slope / copies
    }
    found.set(mean, i * width)
  }
  return found
}

function rangeOf(values: Float32Array): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return high > low ? high - low : 1
}
