import { type ConvAttributes, conv2dOperation } from '../../../tensor/ops/convolution.ts'
import { NCHWC } from '../context.ts'
import { type Formulation, formulate } from '../lowering.ts'
import { blockedWeight, channelsOf, isWhole } from './blockedWeights.ts'

const attributesOf = ({ kernel, strides, pads, dilations }: ConvAttributes) => ({
  kernel_shape: kernel,
  strides,
  pads,
  dilations,
  group: 1,
})

export const blockedConvolution: readonly Formulation[] = [
  formulate(conv2dOperation, 'blocked', {
    fits: ({ block }, { inputs: [, weight] }, { groups }) => {
      const [out, inside] = channelsOf(weight)
      return groups === 1 && isWhole(block, out) && (inside < block || isWhole(block, inside))
    },
    write: (context, tensor, attributes) => {
      const { builder, block, valueName, blockedName, onlyUseOf, place } = context
      const [x, weight, bias] = tensor.inputs
      if (x === undefined || weight === undefined) throw new Error('a convolution has an input and a weight')
      const map = channelsOf(weight)[1] < block ? valueName(x) : blockedName(x)
      const inputs = [map, blockedWeight(context, weight), ...(bias === undefined ? [] : [valueName(bias)])]
      const next = onlyUseOf(tensor)
      if (next?.operation.name !== 'relu')
        return { blocked: builder.node('Conv', inputs, attributesOf(attributes), NCHWC) }
      const blocked = builder.node('Conv', inputs, { ...attributesOf(attributes), activation: 'Relu' }, NCHWC)
      place(next, { blocked })
      return { blocked }
    },
  }),
]
