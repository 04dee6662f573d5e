import type { Weights } from '../../nn/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { TrainingSamples } from './trainingSamples.ts'

/**
 * A preparation of the inputs, as an experiment holds it. The trainer fits it on the training split, after the transforms
 * before it in the list. There is no other way: only the trainer has {@link TrainingSamples} to give.
 */
export interface Transform {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /** Whether it takes missing values (NaN) and leaves none; default no. */
  readonly fillsMissing?: boolean
  /** Learns from the training split, as the transforms before this one made it. */
  fit(samples: TrainingSamples): FittedTransform | Promise<FittedTransform>
}

/** What was learnt, for the run's folder: plain values, and large arrays as float32 with their shape. */
export type TransformState = Readonly<Record<string, StateValue>>
export type StateValue = null | boolean | number | string | readonly StateValue[] | Weights

/** What a transform learnt. It becomes a part of the network's program, so every split is prepared alike. */
export interface FittedTransform {
  readonly kind: string
  readonly state: TransformState
  /** @param x float32 `[batch, …sample]` */
  apply(x: Tensor): Tensor
  /** From what `apply` gives back to what it was given, as near as can be; absent where nothing leads back. */
  inverse?(x: Tensor): Tensor
}

/** One after the other, the first one first. */
export const pipeline =
  (transforms: readonly FittedTransform[]) =>
  (x: Tensor): Tensor =>
    transforms.reduce((prepared, transform) => transform.apply(prepared), x)
