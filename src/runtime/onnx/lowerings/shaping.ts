import type { Tensor } from '../../../tensor/index.ts'
import { constantOperation } from '../../../tensor/ops/constant.ts'
import { gatherOperation, oneHotOperation, scatterAddOperation } from '../../../tensor/ops/indexing.ts'
import { expandOperation, reshapeOperation, transposeOperation } from '../../../tensor/ops/shaping.ts'
import { concatOperation, padOperation } from '../../../tensor/ops/slicing.ts'
import { axisSize } from '../../../tensor/shape.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'
import { dataTypes } from '../proto.ts'

/** Ops that are written with a pool. */
const POOLS = ['maxPool2d', 'maxPool2dGrad', 'maxPool2dPick', 'averagePool2d']

export const shaping: readonly (readonly [string, Lowering])[] = [
  lower(constantOperation, ({ builder }, _tensor, _inputs, { data, type }) =>
    builder.constant(data, type.shape, type.dtype),
  ),
  lower(reshapeOperation, ({ builder }, tensor, inputs, { shape }) => {
    // 0 means "as it came in" and -1 "what is left", which lets an exported model take any batch.
    const [first, ...rest] = shape
    if (first === undefined || shape.includes(0)) return builder.node('Reshape', [...inputs, builder.int64(shape)])
    return builder.node('Reshape', [...inputs, builder.int64([first === tensor.inputs[0]?.shape[0] ? 0 : -1, ...rest])])
  }),
  lower(transposeOperation, ({ builder }, _, inputs, { perm }) => builder.node('Transpose', inputs, { perm })),
  lower(expandOperation, ({ builder }, _, inputs, { shape }) =>
    builder.node('Expand', [...inputs, builder.int64(shape)]),
  ),
  lower(concatOperation, ({ builder }, _, inputs, { axis }) => builder.node('Concat', inputs, { axis })),
  lower(padOperation, ({ builder, usesOf }, tensor, inputs, { before, after, value }) => {
    const counts = builder.int64([...before, ...after])
    const padded = builder.node('Pad', [...inputs, counts, builder.scalar(value, tensor.dtype)], { mode: 'constant' })
    // ONNX Runtime 1.30 takes a Pad into the pool behind it, where the zeros of a maximum are lost and wide ones refused.
    return POOLS.some((pool) => usesOf(tensor, pool).length > 0)
      ? builder.node('Reshape', [padded, builder.int64([0, ...tensor.shape.slice(1)])])
      : padded
  }),
  lower(gatherOperation, ({ builder }, _, inputs, { axis }) => builder.node('Gather', inputs, { axis })),
  lower(scatterAddOperation, scatterAdd),
  lower(oneHotOperation, ({ builder }, tensor, [labels = ''], { depth }) => {
    const column = builder.node('Unsqueeze', [labels, builder.int64([tensor.shape.length - 1])])
    const range = builder.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      [depth],
      'int32',
    )
    return builder.node('Cast', [builder.node('Equal', [column, range])], { to: dataTypes.float32 })
  }),
]

/** ScatterND adds rows of the first axis, so the scattered axis is brought to the front and back. */
function scatterAdd(
  { builder }: LoweringContext,
  tensor: Tensor,
  [values = '', indices = '']: readonly string[],
  { axis, shape }: { readonly axis: number; readonly shape: readonly number[] },
): string {
  const [picked, index] = tensor.inputs
  const count = (index?.shape ?? []).reduce((a, b) => a * b, 1)
  const outer = shape.slice(0, axis)
  const inner = shape.slice(axis + 1)
  const flat = builder.node('Reshape', [values, builder.int64([...outer, count, ...inner])])
  const toFront = [axis, ...shape.map((_, i) => i).filter((i) => i !== axis)]
  const rows = builder.node('Transpose', [flat], { perm: toFront })
  const zeros = builder.node('Expand', [
    builder.constant(new Float32Array(1), [1], picked?.dtype ?? 'float32'),
    builder.int64([axisSize(shape, axis), ...outer, ...inner]),
  ])
  const places = builder.node('Cast', [builder.node('Reshape', [indices, builder.int64([count, 1])])], {
    to: dataTypes.int64,
  })
  const summed = builder.node('ScatterND', [zeros, places, rows], { reduction: 'add' })
  return builder.node('Transpose', [summed], { perm: shape.map((_, i) => toFront.indexOf(i)) })
}
