import { constant, div, sizeOf, sub } from '../../tensor/index.ts'
import { axisSize } from '../../tensor/shape.ts'
import type { Dataset } from '../dataset.ts'
import type { Transform } from './transform.ts'

/**
 * Subtracts the mean and divides by the standard deviation of the training split: one pair a channel for images
 * (`[channels, height, width]`), one pair a feature otherwise. A constant channel is only shifted.
 *
 * @example
 * prepare: [standardize()]
 */
export const standardize = (): Transform => ({
  kind: 'standardize',
  config: {},
  fit: (dataset, indices) => {
    const { shape } = dataset.inputs
    const groups = axisSize(shape, 0)
    const { mean, std } = moments(dataset, indices, groups)
    // A sample that is a single number has no axis beside the batch's.
    const broadcast = shape.length === 0 ? [1] : [1, groups, ...shape.slice(1).map(() => 1)]
    return {
      kind: 'standardize',
      state: { mean: [...mean], std: [...std] },
      apply: (x) =>
        div(
          sub(x, constant(Float32Array.from(mean), broadcast, 'float32')),
          constant(
            Float32Array.from(std, (value) => (value > 0 ? value : 1)),
            broadcast,
            'float32',
          ),
        ),
    }
  },
})

/** Mean and standard deviation (divided by n, as scikit-learn's StandardScaler) of each group, in two passes. */
function moments({ inputs }: Dataset, indices: Uint32Array, groups: number) {
  const width = sizeOf(inputs.shape)
  const perGroup = width / groups
  const total = (term: (value: number, group: number) => number): Float64Array => {
    const sums = new Float64Array(groups)
    for (const sample of indices)
      for (let group = 0; group < groups; group++) {
        const start = sample * width + group * perGroup
        let sum = 0
        for (let i = start; i < start + perGroup; i++) sum += term(inputs.data[i] ?? 0, group)
        sums[group] = (sums[group] ?? 0) + sum
      }
    return sums
  }
  const count = indices.length * perGroup
  const mean = total((value) => value).map((sum) => sum / count)
  // Sums of one float32 are exact in float64, so a constant group has deviation 0 and not a rounding error's.
  const std = total((value, group) => (value - (mean[group] ?? 0)) ** 2).map((sum) => Math.sqrt(sum / count))
  return { mean, std }
}
