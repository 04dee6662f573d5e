import { UsageError } from '../errors.ts'
import { foldIn, type Key } from '../random/key.ts'
import { permutation } from '../random/permutation.ts'

interface CommonOptions {
  /** Leave out a last batch that is not full (default false). */
  readonly dropLast?: boolean
}

export type BatchesOptions = CommonOptions &
  (
    | {
        readonly key: Key
        /** Epoch number, from 0: each has its own order. */
        readonly epoch: number
        /** Default true. */
        readonly shuffle?: boolean
      }
    | { readonly shuffle: false }
  )

/** The batches of one epoch. */
export interface Batches extends Iterable<Uint32Array> {
  /** Number of batches. */
  readonly length: number
  /** Batch number `batch`: sample numbers, a view that must not be written to. */
  at(batch: number): Uint32Array
  /** The batches from number `batch` on: a run killed before it goes on here. */
  from(batch: number): Iterable<Uint32Array>
}

/**
 * Splits an epoch into batches. Batch b is a function of indices, batchSize, key, epoch and b alone, so that a resumed run sees what the
 * unbroken one would have seen.
 *
 * @param indices - sample numbers, such as `train` of a division, [n]
 * @param batchSize - samples in a batch; the last may have fewer
 * @throws UsageError when batchSize or epoch is not a whole number in range, or there would be no batch
 *
 * @example
 * for (const indices of batches(train, 128, { key: foldIn(root, 'shuffle'), epoch })) {
 *   const { inputs, targets } = gather(dataset, indices)
 * }
 * @example
 * for (const indices of batches(test, 1000, { shuffle: false })) gather(dataset, indices)
 */
export function batches(indices: Uint32Array, batchSize: number, options: BatchesOptions): Batches {
  const { dropLast = false, shuffle = true } = options
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new UsageError(`batchSize is ${batchSize}: give a whole number of at least 1`)
  const length = dropLast ? Math.floor(indices.length / batchSize) : Math.ceil(indices.length / batchSize)
  if (length === 0)
    throw new UsageError(
      indices.length === 0
        ? 'there are no samples to make batches of: give at least one'
        : `batchSize is ${batchSize} and there are ${indices.length} samples, so dropLast leaves no batch: give a smaller batchSize, or dropLast: false`,
    )
  if (shuffle && !('key' in options))
    throw new UsageError('batches cannot be shuffled without a key: give key and epoch')
  const order = shuffle && 'key' in options ? shuffled(indices, options.key, options.epoch) : indices
  const at = (batch: number): Uint32Array => {
    if (!Number.isInteger(batch) || batch < 0 || batch >= length)
      throw new UsageError(`there is no batch ${batch}: the epoch has batches 0 to ${length - 1}`)
    return order.subarray(batch * batchSize, (batch + 1) * batchSize)
  }
  const from = function* (batch: number): Generator<Uint32Array> {
    for (let b = batch; b < length; b++) yield at(b)
  }
  return { length, at, from, [Symbol.iterator]: () => from(0) }
}

function shuffled(indices: Uint32Array, key: Key, epoch: number): Uint32Array {
  const order = permutation(foldIn(key, epoch), indices.length)
  for (let i = 0; i < order.length; i++) order[i] = indices[order[i] ?? 0] ?? 0
  return order
}
