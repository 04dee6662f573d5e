import type { Shape, Tensor, TensorType } from '../../tensor/index.ts'
import type { Config } from '../layer.ts'

/** What a data set asks to be predicted, as far as a loss must know. */
export type TargetKind =
  | { readonly task: 'classification'; readonly classes: readonly string[] }
  | {
      readonly task: 'regression'
      readonly shape: Shape
      /** Smallest and largest value of the training split, for losses that are not for all numbers. */
      readonly range?: readonly [low: number, high: number]
    }

/** A loss is a value: what it computes, and which outputs and targets it is for. */
export interface Loss {
  readonly kind: string
  readonly config: Config
  /** Scalar loss, the mean over the batch. */
  apply(output: Tensor, target: Tensor): Tensor
  /**
   * Throws a UsageError where a model's output cannot be compared with the targets.
   *
   * @param output one sample's output shape
   */
  check(output: Shape, target: TargetKind): void
  /** Type of the targets' tensor for one batch. */
  targetType(batch: number, target: TargetKind): TensorType
  /** The same loss with some of its configuration replaced. */
  with?(changes: Config): Loss
}

/** int32 `[batch]` labels, or float32 `[batch, …]` values. */
export const targetTypeOf = (batch: number, target: TargetKind): TensorType =>
  target.task === 'classification'
    ? { dtype: 'int32', shape: [batch] }
    : { dtype: 'float32', shape: [batch, ...target.shape] }
