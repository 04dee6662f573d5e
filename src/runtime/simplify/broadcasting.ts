import { allocate, constant, expand, mul, reshape, sameShape, type Tensor } from '../../tensor/index.ts'
import {
  type ReductionAttributes,
  reduceMaxOperation,
  reduceMeanOperation,
  reduceMinOperation,
  reduceSumOperation,
} from '../../tensor/ops/reduction.ts'
import { axisSize } from '../../tensor/shape.ts'
import { aligned, ELEMENTWISE, filling, named, type Rule, stretchedAxes } from './rule.ts'

const source = (tensor: Tensor): Tensor => (named(tensor, 'expand') ? (tensor.inputs[0] ?? tensor) : tensor)

/**
 * Elementwise ops broadcast by themselves, so their operands need not be expanded first; where all of them were, the op
 * works on the few numbers and its result is expanded.
 */
const expandLate: Rule = (tensor) => {
  if (!ELEMENTWISE.has(tensor.operation.name) || !tensor.inputs.some((input) => named(input, 'expand')))
    return undefined
  const small = tensor.operation.reapply(tensor, tensor.inputs.map(source))
  return expand(small, tensor.shape)
}

/** A constant full of one number is that number to ops that broadcast; rules about numbers then apply. */
const narrow: Rule = (tensor) => {
  if (!ELEMENTWISE.has(tensor.operation.name)) return undefined
  const inputs = tensor.inputs.map((input) => {
    const value = input.shape.length > 0 ? filling(input) : undefined
    return value === undefined ? input : constant(allocate(input.dtype, 1).fill(value), [], input.dtype)
  })
  if (inputs.every((input, i) => input === tensor.inputs[i])) return undefined
  const small = tensor.operation.reapply(tensor, inputs)
  return sameShape(small.shape, tensor.shape) ? small : undefined
}

type Reduction = 'sum' | 'mean' | 'extreme'

function reductionOf(
  tensor: Tensor,
): { readonly kind: Reduction; readonly attributes: ReductionAttributes } | undefined {
  switch (tensor.operation) {
    case reduceSumOperation:
      return { kind: 'sum', attributes: reduceSumOperation.attributesOf(tensor) }
    case reduceMeanOperation:
      return { kind: 'mean', attributes: reduceMeanOperation.attributesOf(tensor) }
    case reduceMaxOperation:
      return { kind: 'extreme', attributes: reduceMaxOperation.attributesOf(tensor) }
    case reduceMinOperation:
      return { kind: 'extreme', attributes: reduceMinOperation.attributesOf(tensor) }
    default:
      return undefined
  }
}

/** Over axes of size 1 there is nothing to reduce. */
const reduceNothing: Rule = (tensor) => {
  const [x] = tensor.inputs
  const found = reductionOf(tensor)
  if (found === undefined || x === undefined) return undefined
  return found.attributes.axes.every((axis) => axisSize(x.shape, axis) === 1) ? reshape(x, tensor.shape) : undefined
}

/** A sum over stretched axes is a product with how far they were stretched; means and extremes do not notice them. */
const reduceExpanded: Rule = (tensor) => {
  const [wide] = tensor.inputs
  const [x] = wide?.inputs ?? []
  const found = reductionOf(tensor)
  if (found === undefined || !named(wide, 'expand') || x === undefined || x.dtype !== 'float32') return undefined
  const { axes } = found.attributes
  const stretched = stretchedAxes(x.shape, wide.shape).filter((axis) => axes.includes(axis))
  if (stretched.length === 0) return undefined
  const times = stretched.reduce((product, axis) => product * axisSize(wide.shape, axis), 1)
  const once = wide.shape.map((size, axis) => (stretched.includes(axis) ? 1 : size))
  const reduced = tensor.operation.reapply(tensor, [expand(reshape(x, aligned(x.shape, once.length)), once)])
  return found.kind === 'sum' ? mul(reduced, times) : reduced
}

/** A sum of a sum, or a mean of a mean, is one over all their axes. */
const reduceOnce: Rule = (tensor, { isUsedOnce }) => {
  const [inner] = tensor.inputs
  const [x] = inner?.inputs ?? []
  const [outer, before] = [reductionOf(tensor), inner && reductionOf(inner)]
  if (!inner || !x || !outer || !before || tensor.operation !== inner.operation || !isUsedOnce(inner)) return undefined
  // Axes of the inner result, counted in x.
  const left = x.shape
    .map((_, axis) => axis)
    .filter((axis) => before.attributes.keepDims || !before.attributes.axes.includes(axis))
  const axes = [...new Set([...before.attributes.axes, ...outer.attributes.axes.map((axis) => left[axis] ?? axis)])]
  const sorted = axes.sort((a, b) => a - b)
  switch (tensor.operation) {
    case reduceSumOperation:
      return reshape(reduceSumOperation.apply([x], { axes: sorted, keepDims: true }), tensor.shape)
    case reduceMeanOperation:
      return reshape(reduceMeanOperation.apply([x], { axes: sorted, keepDims: true }), tensor.shape)
    default:
      return undefined
  }
}

export const broadcasting: readonly Rule[] = [expandLate, narrow, reduceNothing, reduceExpanded, reduceOnce]
