import { topologicalOrder } from '../autodiff/index.ts'
import { mul, relu, reshape, step, type Tensor } from '../tensor/index.ts'
import { maxPool2dGradOperation, maxPool2dOperation } from '../tensor/ops/pooling.ts'

/** Another way to compute a tensor, or undefined. Its inputs are simplified already. */
type Rule = (tensor: Tensor) => Tensor | undefined

const named = (tensor: Tensor | undefined, name: string): tensor is Tensor => tensor?.operation.name === name

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

/** A reshape of a reshape is one reshape. */
const oneReshape: Rule = (tensor) => {
  const [inner] = tensor.inputs
  const [x] = inner?.inputs ?? []
  return named(tensor, 'reshape') && named(inner, 'reshape') && x !== undefined ? reshape(x, tensor.shape) : undefined
}

const RULES: readonly Rule[] = [poolBeforeRelu, maskBeforeUnpool, oneReshape]

/**
 * Outputs that compute the same with less work. It is done to whole graphs, gradients included, and not while expressions
 * are written: a tensor that was named can be differentiated by.
 */
export function simplify(outputs: readonly Tensor[]): Tensor[] {
  const replaced = new Map<Tensor, Tensor>()
  const now = (tensor: Tensor): Tensor => replaced.get(tensor) ?? tensor
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map(now)
    const same = inputs.every((input, i) => input === tensor.inputs[i])
    const rebuilt = same ? tensor : tensor.operation.reapply(tensor, inputs)
    const better = RULES.reduce<Tensor | undefined>((found, rule) => found ?? rule(rebuilt), undefined)
    replaced.set(tensor, better ?? rebuilt)
  }
  return outputs.map(now)
}
