import { sizeOf } from '../../tensor/shape.ts'
import type { Dataset } from '../dataset.ts'
import type { Collector } from './collector.ts'
import { describeNumbers } from './numbers.ts'
import type { NumberField } from './profile.ts'

/** What averages say of a split. */
export interface Means {
  /** Of each class, the mean sample; of a split without classes, one. */
  readonly samples: readonly Float32Array[]
  /** The mean value (`brightness`) or root mean square (`loudness`) of each sample, with outliers. */
  readonly values: NumberField
  /** Values of a sample that are the same in all samples. */
  readonly constant: number
}

/** Classes beyond this have no mean sample each. */
export const MAX_CLASSES = 100

const NAMES = { brightness: 'mean brightness', loudness: 'loudness (root mean square)' }

/** The mean sample of each class, the mean value of each sample, and the features that never change. */
export function meanSamples(
  { inputs, targets, length }: Dataset,
  measure: 'brightness' | 'loudness',
): Collector<Means> {
  const width = sizeOf(inputs.shape)
  const classes =
    targets.task === 'classification' && targets.classes.length <= MAX_CLASSES ? targets.classes.length : 1
  const labels = targets.task === 'classification' && classes > 1 ? targets.labels : undefined
  const sums = Array.from({ length: classes }, () => new Float64Array(width))
  const counts = new Float64Array(classes)
  const values = new Float64Array(length)
  const [lowest, highest] = [
    new Float32Array(width).fill(Number.POSITIVE_INFINITY),
    new Float32Array(width).fill(Number.NEGATIVE_INFINITY),
  ]
  return {
    add: ({ inputs: batch, size }, first) => {
      for (let sample = 0; sample < size; sample++) {
        const label = labels?.[first + sample] ?? 0
        const sum = sums[label] ?? new Float64Array(width)
        counts[label] = (counts[label] ?? 0) + 1
        const at = sample * width
        let total = 0
        for (let i = 0; i < width; i++) {
          const value = batch[at + i] ?? 0
          sum[i] = (sum[i] ?? 0) + value
          total += measure === 'loudness' ? value * value : value
          if (value < (lowest[i] ?? 0)) lowest[i] = value
          if (value > (highest[i] ?? 0)) highest[i] = value
        }
        values[first + sample] = measure === 'loudness' ? Math.sqrt(total / width) : total / width
      }
    },
    result: () => ({
      samples: sums.map((sum, c) => Float32Array.from(sum, (total) => total / Math.max(1, counts[c] ?? 0))),
      values: describeNumbers(NAMES[measure], 'float64', values),
      constant: lowest.reduce((n, low, i) => n + (low === highest[i] ? 1 : 0), 0),
    }),
  }
}
