import { reshape, swapLastAxes, type Tensor } from '../../tensor/index.ts'
import {
  type ReductionAttributes,
  reduceMaxOperation,
  reduceMeanOperation,
  reduceMinOperation,
  reduceSumOperation,
} from '../../tensor/ops/reduction.ts'
import { transposeOperation } from '../../tensor/ops/shaping.ts'
import { axisSize } from '../../tensor/shape.ts'
import { aligned, ELEMENTWISE, type Rule } from './rule.ts'

/** What a tensor is with its last two axes swapped, where it was made by swapping them. */
function beforeSwap(tensor: Tensor): Tensor | undefined {
  if (tensor.operation !== transposeOperation) return undefined
  const { perm } = transposeOperation.attributesOf(tensor)
  const rank = perm.length
  return rank > 1 && perm.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i))
    ? tensor.inputs[0]
    : undefined
}

/** A tensor with the last two of `rank` axes swapped, where that moves nothing in memory. */
function turnedFreely(tensor: Tensor, rank: number): Tensor | undefined {
  const before = beforeSwap(tensor)
  if (before !== undefined && tensor.shape.length === rank) return before
  if (tensor.shape.length === 0) return tensor
  const shape = aligned(tensor.shape, rank)
  const [rows, columns] = [axisSize(shape, rank - 2), axisSize(shape, rank - 1)]
  return rows === 1 || columns === 1 ? reshape(tensor, [...shape.slice(0, -2), columns, rows]) : undefined
}

/**
 * What is done number by number can be done before the last two axes are swapped. The swap then comes nearer to a product of
 * matrices, which reads them in either order, or meets another one.
 */
const swapLater: Rule = (tensor) => {
  const rank = tensor.shape.length
  if (!ELEMENTWISE.has(tensor.operation.name) || !tensor.inputs.some(beforeSwap)) return undefined
  const turned = tensor.inputs.map((input) => turnedFreely(input, rank))
  const inputs = turned.flatMap((input) => input ?? [])
  return inputs.length === turned.length ? swapLastAxes(tensor.operation.reapply(tensor, inputs)) : undefined
}

const REDUCTIONS = [reduceSumOperation, reduceMeanOperation, reduceMaxOperation, reduceMinOperation]

/** A reduction of one of two swapped axes is one of the other before. */
const reduceUnswapped: Rule = (tensor) => {
  const reduction = REDUCTIONS.find((operation) => operation === tensor.operation)
  const [turned] = tensor.inputs
  const x = turned && beforeSwap(turned)
  if (reduction === undefined || x === undefined) return undefined
  const { axes, keepDims }: ReductionAttributes = reduction.attributesOf(tensor)
  const last = x.shape.length - 1
  const swapped = axes.map((axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis)).sort((a, b) => a - b)
  const reduced = reduction.apply([x], { axes: swapped, keepDims })
  return keepDims || !axes.some((axis) => axis >= last - 1) ? swapLastAxes(reduced) : reduced
}

export const turning: readonly Rule[] = [swapLater, reduceUnswapped]
