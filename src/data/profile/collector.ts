import { sizeOf } from '../../tensor/shape.ts'
import type { Dataset } from '../dataset.ts'
import { feeder } from '../feed.ts'
import type { Batch } from '../gather.ts'
import { batches } from '../loader.ts'
import { allSamples } from '../stored.ts'

/** A statistic that takes a data set in pieces, each sample once. */
export interface Collector<Result> {
  /** @param first number of the batch's first sample */
  add(batch: Batch, first: number): void
  result(): Result
}

/** Bytes of a piece: small enough for the processor's second cache. */
const PIECE_BYTES = 2 ** 20

/**
 * Reads a data set once, in order, and shows every piece to all collectors.
 *
 * @param onProgress called with the number of samples that are done, and waited for
 */
export async function scan(
  dataset: Dataset,
  collectors: readonly Pick<Collector<unknown>, 'add'>[],
  onProgress: (samples: number) => void | Promise<void> = () => {},
): Promise<void> {
  if (dataset.length === 0) return
  const size = Math.max(1, Math.floor(PIECE_BYTES / (4 * sizeOf(dataset.inputs.shape))))
  let done = 0
  for (const coming of feeder(dataset, size)(batches(allSamples(dataset.length), size, { shuffle: false }))) {
    const batch = await coming
    for (const collector of collectors) collector.add(batch, done)
    done += batch.size
    await onProgress(done)
  }
}
