import type { Operation } from '../../tensor/index.ts'
import { cumSumOperation } from '../../tensor/ops/elements.ts'
import {
  argMaxOperation,
  type ReductionAttributes,
  reduceMaxOperation,
  reduceMeanOperation,
  reduceMinOperation,
  reduceSumOperation,
} from '../../tensor/ops/reduction.ts'
import { logSoftmaxOperation, softmaxOperation } from '../../tensor/ops/softmax.ts'
import { topKOperation } from '../../tensor/ops/sorting.ts'
import { operand, type Rule, rule, shifted } from './batched.ts'

const reduce = (operation: Operation<ReductionAttributes>) =>
  rule(operation, ({ axes, keepDims }, call) => {
    const { tensor, axis } = operand(call)
    const gone = keepDims ? 0 : axes.filter((one) => one < axis).length
    const attributes = { axes: axes.map((one) => shifted(one, axis)), keepDims }
    return { tensor: operation.apply([tensor], attributes), axis: axis - gone }
  })

/** Ops along one axis, which stays. */
const along = <A extends { readonly axis: number }>(operation: Operation<A>) =>
  rule(operation, (attributes, call) => {
    const { tensor, axis } = operand(call)
    return { tensor: operation.apply([tensor], { ...attributes, axis: shifted(attributes.axis, axis) }), axis }
  })

export const reduction: readonly (readonly [string, Rule])[] = [
  ...[reduceSumOperation, reduceMeanOperation, reduceMaxOperation, reduceMinOperation].map(reduce),
  rule(argMaxOperation, (attributes, call) => {
    const { tensor, axis } = operand(call)
    const along = shifted(attributes.axis, axis)
    return { tensor: argMaxOperation.apply([tensor], { axis: along }), axis: axis - (along < axis ? 1 : 0) }
  }),
  along(softmaxOperation),
  along(logSoftmaxOperation),
  along(cumSumOperation),
  along(topKOperation),
]
