import { UsageError } from '../../errors.ts'
import { cast, formatShape, mul, reshape, ShapeError, softplus, sub, type Tensor } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Loss, targetTypeOf } from './loss.ts'
import { type Reduction, type ReductionOption, reduced, reductionSchema } from './reduction.ts'

/**
 * Binary cross-entropy of logits against targets from 0 to 1 (PyTorch's `BCEWithLogitsLoss`). The sigmoid is inside: give it
 * logits. For data with two classes the model ends with `linear(1)`; for several yes-or-no targets, or for pixels that are to
 * be made again (`reconstruct`), with one output each.
 *
 * @param options.reduction `'sum'` adds up a sample's outputs, as the likelihood of a variational autoencoder asks; default `'mean'`
 */
export function bce(options: ReductionOption = {}): Loss {
  const config = parseConfig('bce', reductionSchema, { ...options })
  return {
    kind: 'bce',
    config,
    apply: (output, target) => bceOf(output, reshape(cast(target, 'float32'), output.shape), config.reduction),
    check: (output, target) => {
      if (target.task === 'regression' && output.join() !== target.shape.join())
        throw new UsageError(
          `bce: the model puts out ${formatShape(output)} for a sample and the data have ${formatShape(target.shape)}`,
        )
      if (target.task === 'regression' && target.range !== undefined && (target.range[0] < 0 || target.range[1] > 1))
        throw new UsageError(
          `bce compares logits with targets from 0 to 1, and the data's reach from ${target.range[0]} to ${target.range[1]}: scale them, or use mse()`,
        )
      if (target.task === 'classification' && (target.classes.length !== 2 || output.join() !== '1'))
        throw new UsageError(
          `bce needs two classes and one logit; the data have ${target.classes.length} classes and the model puts out ` +
            `${formatShape(output)}: end the model with linear(1), or use crossEntropy()`,
        )
    },
    targetType: targetTypeOf,
    with: (changes) => bce(parseConfig('bce', reductionSchema, { ...config, ...changes })),
  }
}

/**
 * The function behind {@link bce}, of softplus(z) - z·y = -y log σ(z) - (1 - y) log(1 - σ(z)), which never overflows.
 *
 * @param logits `[batch, …]`
 * @param target float32 of the same shape, from 0 to 1
 * @returns a scalar
 */
export function bceOf(logits: Tensor, target: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (logits.shape.join() !== target.shape.join())
    throw new ShapeError(
      `bce: logits ${formatShape(logits.shape)} and target ${formatShape(target.shape)} must be equal`,
    )
  return reduced(sub(softplus(logits), mul(logits, target)), reduction)
}
