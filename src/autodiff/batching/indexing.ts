import { expand, gather, gatherElements, reshape, type Tensor } from '../../tensor/index.ts'
import { gatherElementsOperation, scatterElementsAddOperation } from '../../tensor/ops/elements.ts'
import { gatherOperation, oneHotOperation, scatterAddOperation } from '../../tensor/ops/indexing.ts'
import { axisSize, type Shape, sizeOf } from '../../tensor/shape.ts'
import {
  type Batched,
  type Call,
  input,
  inserted,
  isBatched,
  memberShape,
  moved,
  operand,
  type Rule,
  rule,
  spread,
  type Value,
} from './batched.ts'

/** `[members, …axes before, indices, …axes behind]` with what stands before and behind in one axis each. */
const inThree = (x: Tensor, axis: number, count: number, whole: Shape): Tensor =>
  reshape(x, [axisSize(x.shape, 0), sizeOf(whole.slice(0, axis)), count, sizeOf(whole.slice(axis + 1))])

/** Each member's own indices, repeated for everything before and behind the axis that they go along. */
function repeatedIndices(indices: Value, axis: number, whole: Shape, size: number): Tensor {
  const count = sizeOf(memberShape(indices))
  const [before, behind] = [sizeOf(whole.slice(0, axis)), sizeOf(whole.slice(axis + 1))]
  return expand(reshape(spread(indices, 0, size), [size, 1, count, 1]), [size, before, count, behind])
}

export const indexing: readonly (readonly [string, Rule])[] = [
  rule(gatherOperation, ({ axis }, call): Batched => {
    const [x, indices] = [input(call, 0), input(call, 1)]
    if (!isBatched(x) && isBatched(indices))
      return { tensor: gather(x.tensor, indices.tensor, axis), axis: axis + indices.axis }
    if (isBatched(x) && !isBatched(indices)) return { tensor: gather(moved(x, 0), indices.tensor, axis + 1), axis: 0 }
    const whole = memberShape(x)
    const repeated = repeatedIndices(indices, axis, whole, call.size)
    const picked = gatherElements(inThree(spread(x, 0, call.size), axis, axisSize(whole, axis), whole), repeated, 2)
    return { tensor: reshape(picked, [call.size, ...call.tensor.shape]), axis: 0 }
  }),
  rule(scatterAddOperation, ({ axis, shape }, call): Batched => {
    const [values, indices] = [input(call, 0), input(call, 1)]
    const all = spread(values, 0, call.size)
    if (!isBatched(indices)) {
      const attributes = { axis: axis + 1, shape: [call.size, ...shape] }
      return { tensor: scatterAddOperation.apply([all, indices.tensor], attributes), axis: 0 }
    }
    const repeated = repeatedIndices(indices, axis, shape, call.size)
    const flat = inThree(all, axis, axisSize(repeated.shape, 2), shape)
    const size = [call.size, axisSize(repeated.shape, 1), axisSize(shape, axis), axisSize(repeated.shape, 3)]
    const summed = scatterElementsAddOperation.apply([flat, repeated], { axis: 2, shape: size })
    return { tensor: reshape(summed, [call.size, ...shape]), axis: 0 }
  }),
  rule(oneHotOperation, (attributes, call) => {
    const { tensor, axis } = operand(call)
    return { tensor: oneHotOperation.apply([tensor], attributes), axis }
  }),
  rule(gatherElementsOperation, ({ axis }, call) =>
    elementsOf(call, (tensors) => gatherElementsOperation.apply(tensors, { axis: axis + 1 })),
  ),
  rule(scatterElementsAddOperation, ({ axis, shape }, call) =>
    elementsOf(call, (tensors) =>
      scatterElementsAddOperation.apply(tensors, { axis: axis + 1, shape: inserted(shape, 0, call.size) }),
    ),
  ),
]

/** Ops whose two inputs must both have the members' axis. */
const elementsOf = ({ inputs, size }: Call, apply: (tensors: readonly Tensor[]) => Tensor): Batched => ({
  tensor: apply(inputs.map((value) => spread(value, 0, size))),
  axis: 0,
})
