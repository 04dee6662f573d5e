import { batches, type Dataset, feeder } from '../data/index.ts'
import { runningMoments } from '../data/profile/numbers.ts'
import { sizeOf } from '../tensor/index.ts'

/** What values the numbers of a sample have over a split, `[…sample]` each; missing values are passed over. */
export interface DataSummary {
  readonly mean: Float32Array
  /** Standard deviation, divided by n. */
  readonly std: Float32Array
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
  const moments = Array.from({ length: width }, runningMoments)
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
        moments[p]?.add(value)
        if (value < (min[p] ?? 0)) min[p] = value
        if (value > (max[p] ?? 0)) max[p] = value
      }
  }
  const found = moments.map((one) => one.result())
  const known = (values: Float32Array): Float32Array =>
    values.map((value, p) => (Number.isFinite(value) ? value : (found[p]?.mean ?? 0)))
  return {
    mean: Float32Array.from(found, ({ mean }) => mean),
    std: Float32Array.from(found, ({ std }) => std),
    min: known(min),
    max: known(max),
  }
}
