import { add, reshape, type Shape, type Tensor } from '../../tensor/index.ts'
import {
  type ConvAttributes,
  conv2dInputGradOperation,
  conv2dOperation,
  conv2dWeightGradOperation,
} from '../../tensor/ops/convolution.ts'
import { axisSize } from '../../tensor/shape.ts'
import {
  type Batched,
  divided,
  input,
  isBatched,
  merged,
  moved,
  operand,
  type Rule,
  rule,
  spread,
  type Value,
} from './batched.ts'
import { aligned } from './elementwise.ts'

/** `[batch, members · channels, …]`: the channels of each member are groups of their own. */
const channels = (value: Value, size: number): Tensor => merged(spread(value, 1, size), 1)
/** `[members · out, …]` */
const kernels = (value: Value, size: number): Tensor => merged(spread(value, 0, size), 0)
const grouped = <A extends ConvAttributes>(attributes: A, size: number): A => ({
  ...attributes,
  groups: attributes.groups * size,
})
const times = (shape: Shape, axis: number, size: number): Shape => shape.with(axis, axisSize(shape, axis) * size)

/** With kernels that they share, members are further images. */
function furtherImages(x: Batched, size: number, apply: (images: Tensor) => Tensor): Batched {
  const axis = x.axis === 1 ? 1 : 0
  const output = apply(merged(moved(x, axis), 0))
  return { tensor: divided(output, 0, axis === 0 ? size : axisSize(output.shape, 0) / size), axis }
}

/** Each member's own bias on a map. */
function biased(map: Value, bias: Batched): Batched {
  const columns = reshape(moved(bias, 0), [...moved(bias, 0).shape, 1, 1])
  const { tensors, axis } = aligned([map, { tensor: columns, axis: 0 }], 4)
  const [left = map.tensor, right = columns] = tensors
  return { tensor: add(left, right), axis }
}

export const convolution: readonly (readonly [string, Rule])[] = [
  rule(conv2dOperation, (attributes, call): Batched => {
    const { size } = call
    const [x, weight, bias] = [input(call, 0), input(call, 1), call.inputs[2]]
    if (isBatched(weight)) {
      const biases = bias === undefined ? [] : [kernels(bias, size)]
      // Where all see the same images, their kernels stand side by side; else each has channels of its own.
      const output =
        !isBatched(x) && attributes.groups === 1
          ? conv2dOperation.apply([x.tensor, kernels(weight, size), ...biases], attributes)
          : conv2dOperation.apply([channels(x, size), kernels(weight, size), ...biases], grouped(attributes, size))
      return { tensor: divided(output, 1, size), axis: 1 }
    }
    const apply = (images: Tensor, ...shared: Tensor[]): Tensor =>
      conv2dOperation.apply([images, weight.tensor, ...shared], attributes)
    if (bias === undefined) return furtherImages(operand(call), size, apply)
    if (!isBatched(bias)) return furtherImages(operand(call), size, (images) => apply(images, bias.tensor))
    return biased(isBatched(x) ? furtherImages(x, size, apply) : { tensor: apply(x.tensor), axis: undefined }, bias)
  }),
  rule(conv2dInputGradOperation, (attributes, call): Batched => {
    const { size } = call
    const [cotangent, weight] = [input(call, 0), input(call, 1)]
    if (!isBatched(weight))
      return furtherImages(operand(call), size, (all) =>
        conv2dInputGradOperation.apply([all, weight.tensor], {
          ...attributes,
          input: times(attributes.input, 0, size),
        }),
      )
    const output = conv2dInputGradOperation.apply([channels(cotangent, size), kernels(weight, size)], {
      ...grouped(attributes, size),
      input: times(attributes.input, 1, size),
    })
    return { tensor: divided(output, 1, size), axis: 1 }
  }),
  rule(conv2dWeightGradOperation, (attributes, call): Batched => {
    const { size } = call
    const [x, cotangent] = [input(call, 0), input(call, 1)]
    const weight = times(attributes.weight, 0, size)
    const output =
      !isBatched(x) && attributes.groups === 1
        ? conv2dWeightGradOperation.apply([x.tensor, channels(cotangent, size)], { ...attributes, weight })
        : conv2dWeightGradOperation.apply([channels(x, size), channels(cotangent, size)], {
            ...grouped(attributes, size),
            weight,
          })
    return { tensor: divided(output, 0, size), axis: 0 }
  }),
]
