import { mul, relu, step } from '../../tensor/index.ts'
import { maxPool2dGradOperation, maxPool2dOperation } from '../../tensor/ops/pooling.ts'
import { named, type Rule } from './rule.ts'

/**
 * max and relu commute, so the pool goes first: relu then touches a fraction of the numbers.
 * maxPool(relu(x)) = relu(maxPool(x))
 */
const poolBeforeRelu: Rule = (tensor) => {
  const [rectified] = tensor.inputs
  const [x] = rectified?.inputs ?? []
  if (!named(tensor, 'maxPool2d') || !named(rectified, 'relu') || x === undefined) return undefined
  return relu(tensor.operation.reapply(tensor, [x]))
}

/**
 * The same for the gradient, ties included: where relu made several numbers of a window 0, all of them are masked; else the
 * winner is the same. maxPoolGrad(relu(x), g) · step(relu(x)) = maxPoolGrad(x, g · step(maxPool(x)))
 */
const maskBeforeUnpool: Rule = (tensor) => {
  if (!named(tensor, 'mul')) return undefined
  const spread = tensor.inputs.find((input) => named(input, 'maxPool2dGrad'))
  const mask = tensor.inputs.find((input) => named(input, 'step'))
  const [rectified, cotangent] = spread?.inputs ?? []
  const [x] = rectified?.inputs ?? []
  if (spread === undefined || !named(rectified, 'relu') || mask?.inputs[0] !== rectified) return undefined
  if (x === undefined || cotangent === undefined) return undefined
  const window = maxPool2dGradOperation.attributesOf(spread)
  const pooled = relu(maxPool2dOperation.apply([x], window))
  return maxPool2dGradOperation.apply([x, mul(cotangent, step(pooled))], window)
}

export const pooling: readonly Rule[] = [poolBeforeRelu, maskBeforeUnpool]
