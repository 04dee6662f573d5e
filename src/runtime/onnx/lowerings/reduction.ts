import type { Operation } from '../../../tensor/index.ts'
import {
  argMaxOperation,
  type ReductionAttributes,
  reduceMaxOperation,
  reduceMeanOperation,
  reduceMinOperation,
  reduceSumOperation,
} from '../../../tensor/ops/reduction.ts'
import { logSoftmaxOperation, softmaxOperation } from '../../../tensor/ops/softmax.ts'
import { type Lowering, lower } from '../lowering.ts'
import { dataTypes } from '../proto.ts'

const reduce = (operation: Operation<ReductionAttributes>, opType: string) =>
  lower(operation, ({ builder }, _, inputs, { axes, keepDims }) =>
    builder.node(opType, [...inputs, builder.int64(axes)], { keepdims: keepDims ? 1 : 0 }),
  )

export const reduction: readonly (readonly [string, Lowering])[] = [
  reduce(reduceSumOperation, 'ReduceSum'),
  reduce(reduceMeanOperation, 'ReduceMean'),
  reduce(reduceMaxOperation, 'ReduceMax'),
  reduce(reduceMinOperation, 'ReduceMin'),
  lower(argMaxOperation, ({ builder }, _, inputs, { axis }) =>
    builder.node('Cast', [builder.node('ArgMax', inputs, { axis, keepdims: 0 })], { to: dataTypes.int32 }),
  ),
  lower(softmaxOperation, ({ builder }, _, inputs, { axis }) => builder.node('Softmax', inputs, { axis })),
  lower(logSoftmaxOperation, ({ builder }, _, inputs, { axis }) => builder.node('LogSoftmax', inputs, { axis })),
]
