import type { Tensor } from '../../tensor/index.ts'
import type { Dataset } from '../dataset.ts'

/**
 * A preparation of the inputs, as an experiment holds it. It is fitted by the trainer, which has only the training split
 * to give; there is no other way to fit it.
 */
export interface Transform {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /** @param indices the samples of the training split */
  fit(dataset: Dataset, indices: Uint32Array): FittedTransform
}

/** What a transform learnt. It becomes a part of the network's program, so every split is prepared alike. */
export interface FittedTransform {
  readonly kind: string
  /** What was learnt, as plain data for the run's folder. */
  readonly state: Readonly<Record<string, unknown>>
  /** @param x float32 `[batch, …sample]` */
  apply(x: Tensor): Tensor
}
