import { UsageError } from '../../errors.ts'
import {
  cast,
  formatShape,
  mul,
  reduceMean,
  reshape,
  ShapeError,
  softplus,
  sub,
  type Tensor,
} from '../../tensor/index.ts'
import { type Loss, targetTypeOf } from './loss.ts'

/**
 * Binary cross-entropy of logits against 0 and 1 (PyTorch's `BCEWithLogitsLoss`). The sigmoid is inside: give it logits.
 * For data with two classes the model ends with `linear(1)`; for several yes-or-no targets, with one output each.
 */
export const bce = (): Loss => ({
  kind: 'bce',
  config: {},
  apply: (output, target) => bceOf(output, reshape(cast(target, 'float32'), output.shape)),
  check: (output, target) => {
    if (target.task === 'regression' && output.join() !== target.shape.join())
      throw new UsageError(
        `bce: the model puts out ${formatShape(output)} for a sample and the data have ${formatShape(target.shape)}`,
      )
    if (target.task === 'classification' && (target.classes.length !== 2 || output.join() !== '1'))
      throw new UsageError(
        `bce needs two classes and one logit; the data have ${target.classes.length} classes and the model puts out ` +
          `${formatShape(output)}: end the model with linear(1), or use crossEntropy()`,
      )
  },
  targetType: targetTypeOf,
})

/**
 * The function behind {@link bce}, the mean of softplus(z) - z·y = -y log σ(z) - (1 - y) log(1 - σ(z)), which never overflows.
 *
 * @param logits any shape
 * @param target float32 of the same shape, from 0 to 1
 */
export function bceOf(logits: Tensor, target: Tensor): Tensor {
  if (logits.shape.join() !== target.shape.join())
    throw new ShapeError(
      `bce: logits ${formatShape(logits.shape)} and target ${formatShape(target.shape)} must be equal`,
    )
  return reduceMean(sub(softplus(logits), mul(logits, target)))
}
