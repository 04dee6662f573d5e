import { sizeOf } from '../../tensor/index.ts'
import type { Explained, Question } from './explained.ts'

export interface IntegratedGradientsOptions {
  /** What a sample is compared with, `[n, …sample]`. */
  readonly baseline: Float32Array
  /** Points on the way, fixed; default: doubled from 32 until the sum is right within 1 %, at most 4,096. */
  readonly steps?: number
}

/** How well one sample's attributions add up. */
export interface Completeness {
  /** Sum of the attributions. */
  readonly sum: number
  /** The output at the sample less that at the baseline, which the sum should be. */
  readonly difference: number
  /** |sum − difference| / |difference|. */
  readonly error: number
  /** Points on the way from the baseline. */
  readonly steps: number
}

const [FIRST, MOST, TOLERATED] = [32, 4096, 0.01]

/**
 * The gradient, averaged on the straight way from a baseline to the sample, times their difference: attributions that add up to how much
 * the output rises on the way. Means are taken at the middles of equal pieces (midpoint rule), in float64.
 *
 * Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017.
 *
 * @returns attributions `[n, …sample]`, and how well each sample's add up
 *
 * @example
 * const { data, completeness } = await integratedGradients(network, question, { baseline: new Float32Array(784) })
 * completeness[0].error // at most 0.01
 */
export async function integratedGradients(
  of: Explained,
  question: Question,
  { baseline, steps: fixed }: IntegratedGradientsOptions,
): Promise<{ readonly data: Float32Array; readonly completeness: readonly Completeness[] }> {
  const n = question.outputs.length
  const width = sizeOf(of.sample)
  const data = new Float32Array(n * width)
  const [at, from] = [await of.values(question), await of.values({ ...question, data: baseline })]
  const completeness: Completeness[] = []
  for (let i = 0; i < n; i++) {
    const own = {
      x: question.data.subarray(i * width, (i + 1) * width),
      base: baseline.subarray(i * width, (i + 1) * width),
    }
    const difference = (at[i] ?? 0) - (from[i] ?? 0)
    // Where the output hardly differs, float32 leaves nothing to compare relatively with.
    const least = 1e-4 * Math.max(Math.abs(at[i] ?? 0), Math.abs(from[i] ?? 0), Number.MIN_VALUE)
    for (let steps = fixed ?? FIRST; ; steps *= 2) {
      const mean = await meanSlope(of, own.x, own.base, question.outputs[i] ?? 0, steps)
      let sum = 0
      for (let p = 0; p < width; p++) {
        const value = ((own.x[p] ?? 0) - (own.base[p] ?? 0)) * (mean[p] ?? 0)
        data[i * width + p] = value
        sum += value
      }
      const error = Math.abs(sum - difference) / Math.max(Math.abs(difference), least)
      if (fixed === undefined && error > TOLERATED && 2 * steps <= MOST) continue
      completeness.push({ sum, difference, error, steps })
      break
    }
  }
  return { data, completeness }
}

/** The mean gradient on the way from a baseline to a sample. */
async function meanSlope(
  of: Explained,
  x: Float32Array,
  base: Float32Array,
  output: number,
  steps: number,
): Promise<Float64Array> {
  const mean = new Float64Array(x.length)
  for (let begin = 0; begin < steps; begin += of.batch) {
    const count = Math.min(of.batch, steps - begin)
    const points = new Float32Array(count * x.length)
    for (let k = 0; k < count; k++) {
      const share = (begin + k + 0.5) / steps
      for (let p = 0; p < x.length; p++)
        points[k * x.length + p] = (base[p] ?? 0) + share * ((x[p] ?? 0) - (base[p] ?? 0))
    }
    const { gradient } = await of.slopes({ data: points, outputs: new Int32Array(count).fill(output) })
    for (const [i, slope] of gradient.entries()) mean[i % x.length] = (mean[i % x.length] ?? 0) + slope / steps
  }
  return mean
}
