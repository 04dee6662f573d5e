import { type Dataset, isInMemory } from './dataset.ts'
import { allocateBatch, type Batch, gather } from './gather.ts'

/**
 * Feeds batches one after the other. Each lies where an earlier one did, so it must be done with when the next is asked for.
 * Samples that are not in memory are read one batch ahead, while the one before is computed with.
 *
 * @param batchSize - samples in the largest batch
 * @returns the batches of an epoch, given its sample numbers; to be awaited in turn
 *
 * @example
 * const feed = feeder(dataset, 128)
 * for (const coming of feed(batches(train, 128, { key, epoch }))) {
 *   const { inputs, targets } = await coming
 * }
 */
export function feeder(
  dataset: Dataset,
  batchSize: number,
): (parts: Iterable<Uint32Array>) => Iterable<Batch | Promise<Batch>> {
  const room = allocateBatch(dataset, batchSize)
  if (isInMemory(dataset))
    return function* (parts) {
      for (const part of parts) yield gather(dataset, part, room)
    }
  let [free, taken] = [room, allocateBatch(dataset, batchSize)]
  return function* (parts) {
    let coming: Promise<Batch> | undefined
    for (const part of parts) {
      const next = Promise.resolve(gather(dataset, part, free))
      // Whoever awaits it is told; until then nobody does.
      next.catch(() => {})
      ;[free, taken] = [taken, free]
      if (coming !== undefined) yield coming
      coming = next
    }
    if (coming !== undefined) yield coming
  }
}
