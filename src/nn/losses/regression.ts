import { UsageError } from '../../errors.ts'
import { formatShape, mul, type Shape, ShapeError, sub, type Tensor } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Loss, type TargetKind, targetTypeOf } from './loss.ts'
import { type Reduction, type ReductionOption, reduced, reductionSchema } from './reduction.ts'

/** Outputs and values must have one shape. */
function checkValues(loss: string, output: Shape, target: TargetKind): void {
  if (target.task !== 'regression')
    throw new UsageError(`${loss} compares numbers, and the data have class labels: use crossEntropy()`)
  if (output.join() !== target.shape.join())
    throw new UsageError(
      `the model puts out ${formatShape(output)} for a sample and the data have ${formatShape(target.shape)} to predict: ` +
        `make the last layer fit, for instance linear(${target.shape.at(-1) ?? 1})`,
    )
}

/**
 * Mean squared error over batch and outputs.
 *
 * @param options.reduction `'sum'` adds up a sample's outputs and takes the mean over the batch; default `'mean'`
 */
export function mse(options: ReductionOption = {}): Loss {
  const config = parseConfig('mse', reductionSchema, { ...options })
  return {
    kind: 'mse',
    config,
    apply: (output, target) => mseOf(output, target, config.reduction),
    check: (output, target) => checkValues('mse', output, target),
    targetType: targetTypeOf,
    with: (changes) => mse(parseConfig('mse', reductionSchema, { ...config, ...changes })),
  }
}

/** The function behind {@link mse}: two tensors `[batch, …]` of one shape to a scalar. */
export function mseOf(output: Tensor, target: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (output.shape.join() !== target.shape.join())
    throw new ShapeError(
      `mse: an output of shape ${formatShape(output.shape)} and a target of shape ${formatShape(target.shape)} must be equal`,
    )
  const error = sub(output, target)
  return reduced(mul(error, error), reduction)
}
