import { batches, type Dataset, feeder } from '../data/index.ts'
import { sizeOf } from '../tensor/index.ts'

/** What values the numbers of a sample have over a split, `[…sample]` each; missing values are passed over. */
export interface DataSummary {
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
}

/**
 * Mean, smallest and largest value of each number of a sample, over samples that are read batch by batch.
 *
 * @param check - called before each batch; what it throws ends the work
 *
 * @example
 * const { mean } = await dataSummary(samples) // the mean image
 */
export async function dataSummary(
  { dataset, indices }: { readonly dataset: Dataset; readonly indices: Uint32Array },
  check: () => void = () => {},
): Promise<DataSummary> {
  const width = sizeOf(dataset.inputs.shape)
  const [sums, counts] = [new Float64Array(width), new Uint32Array(width)]
  const [min, max] = [
    new Float32Array(width).fill(Number.POSITIVE_INFINITY),
    new Float32Array(width).fill(Number.NEGATIVE_INFINITY),
  ]
  const size = Math.min(256, indices.length)
  for (const coming of feeder(dataset, size)(batches(indices, size, { shuffle: false }))) {
    check()
    const { inputs, size: rows } = await coming
    for (let i = 0; i < rows; i++)
      for (let p = 0; p < width; p++) {
        const value = inputs[i * width + p] ?? 0
        if (Number.isNaN(value)) continue
        sums[p] = (sums[p] ?? 0) + value
        counts[p] = (counts[p] ?? 0) + 1
        if (value < (min[p] ?? 0)) min[p] = value
        if (value > (max[p] ?? 0)) max[p] = value
      }
  }
  const known = (values: Float32Array): Float32Array => values.map((value, p) => ((counts[p] ?? 0) > 0 ? value : 0))
  return {
    mean: Float32Array.from(sums, (sum, p) => sum / Math.max(1, counts[p] ?? 0)),
    min: known(min),
    max: known(max),
  }
}
