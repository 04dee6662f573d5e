import {
  concat,
  expand,
  pad,
  reshape,
  type Shape,
  sameShape,
  slice,
  type Tensor,
  transpose,
} from '../../tensor/index.ts'
import { flipOperation } from '../../tensor/ops/arranging.ts'
import { transposeOperation } from '../../tensor/ops/shaping.ts'
import { concatOperation, padOperation, sliceOperation } from '../../tensor/ops/slicing.ts'
import { axisSize } from '../../tensor/shape.ts'
import { aligned, named, type Rule } from './rule.ts'

/** Two ops of a kind in a row: the tensor, what it is made from, and what that is made from. */
function pairOf(tensor: Tensor, outer: string, inner: string = outer) {
  const [middle] = tensor.inputs
  const [x] = middle?.inputs ?? []
  return named(tensor, outer) && named(middle, inner) && x !== undefined ? { middle, x } : undefined
}

/** A reshape of a reshape is one reshape, and one to the shape that is there already is none. */
const reshapes: Rule = (tensor) => {
  const [x] = tensor.inputs
  if (!named(tensor, 'reshape') || x === undefined) return undefined
  if (sameShape(x.shape, tensor.shape)) return x
  const pair = pairOf(tensor, 'reshape')
  return pair && reshape(pair.x, tensor.shape)
}

/** Transposes follow each other as one, and where only axes of size 1 move they are reshapes. */
const transposes: Rule = (tensor) => {
  const [x] = tensor.inputs
  if (tensor.operation !== transposeOperation || x === undefined) return undefined
  const { perm } = transposeOperation.attributesOf(tensor)
  const pair = pairOf(tensor, 'transpose')
  if (pair !== undefined) {
    const { perm: before } = transposeOperation.attributesOf(pair.middle)
    return transpose(
      pair.x,
      perm.map((axis) => axisSize(before, axis)),
    )
  }
  const moved = perm.filter((axis) => axisSize(x.shape, axis) > 1)
  return moved.every((axis, i) => i === 0 || axis > (moved[i - 1] ?? -1)) ? reshape(x, tensor.shape) : undefined
}

/** An expand of an expand is one, and one to the shape that is there already is none. */
const expands: Rule = (tensor) => {
  const [x] = tensor.inputs
  if (!named(tensor, 'expand') || x === undefined) return undefined
  if (sameShape(x.shape, tensor.shape)) return x
  const pair = pairOf(tensor, 'expand')
  return pair && expand(pair.x, tensor.shape)
}

/** Where a reshape of an expand only adds or drops axes of size 1, it can come first: ops that broadcast then spare the expand. */
const reshapeFirst: Rule = (tensor) => {
  const pair = pairOf(tensor, 'reshape', 'expand')
  if (pair === undefined) return undefined
  const long = (sizes: Shape): number[] => sizes.filter((size) => size !== 1)
  if (!sameShape(long(pair.middle.shape), long(tensor.shape))) return undefined
  const own = aligned(pair.x.shape, pair.middle.shape.length)
  const kept = own.filter((_, axis) => axisSize(pair.middle.shape, axis) !== 1)
  const shape = tensor.shape.map((size) => (size === 1 ? 1 : (kept.shift() ?? 1)))
  return expand(reshape(pair.x, shape), tensor.shape)
}

/** A slice of a slice is one. */
const slices: Rule = (tensor) => {
  const pair = pairOf(tensor, 'slice')
  if (pair === undefined) return undefined
  const [outer, inner] = [sliceOperation.attributesOf(tensor), sliceOperation.attributesOf(pair.middle)]
  const starts = inner.starts.map((start, axis) => start + axisSize(outer.starts, axis) * axisSize(inner.steps, axis))
  const steps = inner.steps.map((step, axis) => step * axisSize(outer.steps, axis))
  const ends = starts.map((start, axis) => start + (axisSize(tensor.shape, axis) - 1) * axisSize(steps, axis) + 1)
  return slice(pair.x, { starts, ends, steps })
}

/** Padding with the same value twice is padding once. */
const pads: Rule = (tensor) => {
  const pair = pairOf(tensor, 'pad')
  if (pair === undefined) return undefined
  const [outer, inner] = [padOperation.attributesOf(tensor), padOperation.attributesOf(pair.middle)]
  if (!Object.is(outer.value, inner.value)) return undefined
  const sum = (a: readonly number[], b: readonly number[]) => a.map((count, axis) => count + axisSize(b, axis))
  return pad(pair.x, {
    before: sum(outer.before, inner.before),
    after: sum(outer.after, inner.after),
    value: outer.value,
  })
}

/** A concat of concats along one axis is one. */
const concats: Rule = (tensor) => {
  if (tensor.operation !== concatOperation) return undefined
  const { axis } = concatOperation.attributesOf(tensor)
  const isSame = (part: Tensor): boolean =>
    part.operation === concatOperation && concatOperation.attributesOf(part).axis === axis
  if (!tensor.inputs.some(isSame)) return undefined
  return concat(
    tensor.inputs.flatMap((part) => (isSame(part) ? part.inputs : [part])),
    axis,
  )
}

/** The same axes turned twice. */
const flips: Rule = (tensor) => {
  const pair = pairOf(tensor, 'flip')
  if (pair === undefined) return undefined
  const axes = [tensor, pair.middle].map((one) => flipOperation.attributesOf(one).axes.join())
  return axes[0] === axes[1] ? pair.x : undefined
}

export const shapes: readonly Rule[] = [reshapes, transposes, expands, reshapeFirst, slices, pads, concats, flips]
