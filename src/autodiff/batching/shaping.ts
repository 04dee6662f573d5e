import { expand, reshape, type Shape, transpose } from '../../tensor/index.ts'
import { flipOperation } from '../../tensor/ops/arranging.ts'
import { expandOperation, reshapeOperation, transposeOperation } from '../../tensor/ops/shaping.ts'
import { concatOperation, padOperation, sliceOperation } from '../../tensor/ops/slicing.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { inserted, largest, memberShape, moved, operand, type Rule, rule, shifted, spread } from './batched.ts'

/** How many axes of `to` hold as many numbers as the first `axes` of `from`, if there is such a number. */
function keptBefore(from: Shape, to: Shape, axes: number): number | undefined {
  const before = sizeOf(from.slice(0, axes))
  for (let place = 0; place <= to.length; place++) if (sizeOf(to.slice(0, place)) === before) return place
  return undefined
}

export const shaping: readonly (readonly [string, Rule])[] = [
  rule(reshapeOperation, ({ shape }, call) => {
    const x = operand(call)
    const place = keptBefore(memberShape(x), shape, x.axis)
    const [tensor, axis] = place === undefined ? [moved(x, 0), 0] : [x.tensor, place]
    return { tensor: reshape(tensor, inserted(shape, axis, call.size)), axis }
  }),
  rule(transposeOperation, ({ perm }, call) => {
    const { tensor, axis } = operand(call)
    // The members go first, where a product of matrices looks through the swap of the last two axes.
    return { tensor: transpose(tensor, [axis, ...perm.map((one) => shifted(one, axis))]), axis: 0 }
  }),
  rule(expandOperation, ({ shape }, call) => {
    const x = operand(call)
    const missing = shape.length - memberShape(x).length
    if (x.axis > 0) {
      const axis = x.axis + missing
      return { tensor: expand(x.tensor, inserted(shape, axis, call.size)), axis }
    }
    const ones = Array.from({ length: missing }, () => 1)
    return {
      tensor: expand(reshape(x.tensor, [call.size, ...ones, ...memberShape(x)]), [call.size, ...shape]),
      axis: 0,
    }
  }),
  rule(concatOperation, ({ axis: along }, { inputs, size }) => {
    const { axis } = largest(inputs)
    const tensors = inputs.map((value) => spread(value, axis, size))
    return { tensor: concatOperation.apply(tensors, { axis: shifted(along, axis) }), axis }
  }),
  rule(sliceOperation, ({ starts, ends, steps }, call) => {
    const { tensor, axis } = operand(call)
    const attributes = {
      starts: inserted(starts, axis, 0),
      ends: inserted(ends, axis, call.size),
      steps: inserted(steps, axis, 1),
    }
    return { tensor: sliceOperation.apply([tensor], attributes), axis }
  }),
  rule(padOperation, ({ before, after, value }, call) => {
    const { tensor, axis } = operand(call)
    const attributes = { before: inserted(before, axis, 0), after: inserted(after, axis, 0), value }
    return { tensor: padOperation.apply([tensor], attributes), axis }
  }),
  rule(flipOperation, ({ axes }, call) => {
    const { tensor, axis } = operand(call)
    return { tensor: flipOperation.apply([tensor], { axes: axes.map((one) => shifted(one, axis)) }), axis }
  }),
]
