import type { Key } from '../../random/index.ts'
import type { Shape } from '../../tensor/index.ts'

/**
 * A change of the samples by chance, as an experiment holds it: for training alone, never for evaluation. The host makes it
 * in each batch before the batch is fed.
 */
export interface Augmentation {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /**
   * Gets ready for samples of a shape.
   *
   * @throws UsageError where it is not for such samples
   */
  augmenter(shape: Shape): Augment
}

/**
 * Changes the samples of a batch in place, `[batch, …sample]` in the data set's own type.
 *
 * @param key of this step: equal keys make equal changes, so a resumed run sees what the unbroken one would have seen
 */
export type Augment = (batch: Uint8Array | Float32Array, key: Key) => void
