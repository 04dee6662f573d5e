import { UsageError } from '../../errors.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/index.ts'
import type { DataSummary } from '../dataSummary.ts'
import { planeOf } from './occlusion.ts'

/** What a sample is compared with: the lowest value of the data, the mean sample, the sample itself blurred, or 0. */
export const BASELINES = ['black', 'mean', 'blur', 'zeros'] as const
export type Baseline = (typeof BASELINES)[number]

/**
 * A baseline for each sample.
 *
 * @param data - `[n, …sample]`
 * @throws UsageError where a vector is to be blurred, whose numbers have no neighbours
 */
export function baselineOf(
  kind: Baseline,
  data: Float32Array,
  sample: Shape,
  { mean, min }: DataSummary,
): Float32Array {
  const width = sizeOf(sample)
  const repeated = (one: (p: number) => number): Float32Array => data.map((_, i) => one(i % width))
  switch (kind) {
    case 'zeros':
      return new Float32Array(data.length)
    case 'black': {
      const lowest = min.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
      return repeated(() => lowest)
    }
    case 'mean':
      return repeated((p) => mean[p] ?? 0)
    case 'blur':
      if (sample.length === 1)
        throw new UsageError(
          `samples of ${formatShape(sample)} cannot be blurred, because their numbers have no neighbours: choose the baseline mean or zeros`,
        )
      return blurred(data, sample)
  }
}

/** Each channel under a Gaussian window, an eighth of the longer side wide; beyond the edge nothing is counted. */
function blurred(data: Float32Array, sample: Shape): Float32Array {
  const { height, width } = planeOf(sample)
  const sigma = Math.max(height, width) / 8
  const along = (values: Float32Array, length: number, step: number): Float32Array => {
    const weights = Array.from({ length }, (_, d) => Math.exp(-(d ** 2) / (2 * sigma ** 2)))
    return values.map((_, i) => {
      const place = Math.floor(i / step) % length
      let [sum, total] = [0, 0]
      for (let other = 0; other < length; other++) {
        const weight = weights[Math.abs(other - place)] ?? 0
        sum += weight * (values[i + (other - place) * step] ?? 0)
        total += weight
      }
      return sum / total
    })
  }
  const rows = along(data, width, 1)
  return height === 1 ? rows : along(rows, height, width)
}
