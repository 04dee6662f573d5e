import { cumSumOperation, gatherElementsOperation, scatterElementsAddOperation } from '../../../tensor/ops/elements.ts'
import { upsampleOperation } from '../../../tensor/ops/resize.ts'
import { topKOperation } from '../../../tensor/ops/sorting.ts'
import { type Lowering, lower } from '../lowering.ts'
import { dataTypes } from '../proto.ts'

export const elements: readonly (readonly [string, Lowering])[] = [
  lower(gatherElementsOperation, ({ builder }, _, inputs, { axis }) =>
    builder.node('GatherElements', inputs, { axis }),
  ),
  lower(scatterElementsAddOperation, ({ builder }, { dtype }, [values = '', indices = ''], { axis, shape }) => {
    const zeros = builder.node('Expand', [builder.scalar(0, dtype), builder.int64(shape)])
    return builder.node('ScatterElements', [zeros, indices, values], { axis, reduction: 'add' })
  }),
  lower(cumSumOperation, ({ builder }, _, inputs, { axis, exclusive, reverse }) =>
    builder.node('CumSum', [...inputs, builder.scalar(axis, 'int32')], {
      exclusive: exclusive ? 1 : 0,
      reverse: reverse ? 1 : 0,
    }),
  ),
  lower(upsampleOperation, ({ builder }, _, [x = ''], { factors }) => {
    const scales = builder.constant(Float32Array.of(1, 1, ...factors), [4], 'float32')
    const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
    return builder.node('Resize', [x, '', scales], attributes)
  }),
  lower(topKOperation, ({ builder }, _, [x = ''], { axis, k, largest }) => {
    const [, indices = ''] = builder.nodeOf(2, 'TopK', [x, builder.int64([k])], { axis, largest: largest ? 1 : 0 })
    return builder.node('Cast', [indices], { to: dataTypes.int32 })
  }),
]
