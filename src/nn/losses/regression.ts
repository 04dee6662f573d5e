import { UsageError } from '../../errors.ts'
import { formatShape, mul, reduceMean, type Shape, ShapeError, sub, type Tensor } from '../../tensor/index.ts'
import { type Loss, type TargetKind, targetTypeOf } from './loss.ts'

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

/** Mean squared error over batch and outputs. */
export const mse = (): Loss => ({
  kind: 'mse',
  config: {},
  apply: mseOf,
  check: (output, target) => checkValues('mse', output, target),
  targetType: targetTypeOf,
})

/** The function behind {@link mse}: two tensors of one shape to a scalar. */
export function mseOf(output: Tensor, target: Tensor): Tensor {
  if (output.shape.join() !== target.shape.join())
    throw new ShapeError(
      `mse: an output of shape ${formatShape(output.shape)} and a target of shape ${formatShape(target.shape)} must be equal`,
    )
  const error = sub(output, target)
  return reduceMean(mul(error, error))
}
