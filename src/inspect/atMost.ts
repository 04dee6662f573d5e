import type { Samples } from '../runs/testModel/index.ts'
import { drawn } from './sensitivity/index.ts'

/**
 * At most so many samples, drawn by chance and yet always the same for a seed, with a name that says so: the first ones of a split
 * may all be of one class.
 *
 * @example
 * atMost(samples, 2000).name // 'mnist, test split, 2000 of 10000 samples'
 */
export function atMost(samples: Samples, count: number | undefined, seed = 0): Samples {
  const { length } = samples.indices
  if (count === undefined || length <= count) return samples
  // Origins stand in the order of all samples.
  const { origins: _, ...others } = samples
  return { ...others, ...drawn(samples, count, seed), name: `${samples.name}, ${count} of ${length} samples` }
}
