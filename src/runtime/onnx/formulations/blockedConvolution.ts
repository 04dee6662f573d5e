import type { Tensor } from '../../../tensor/index.ts'
import { type ConvAttributes, conv2dInputGradOperation, conv2dOperation } from '../../../tensor/ops/convolution.ts'
import { axisSize } from '../../../tensor/shape.ts'
import { NCHWC } from '../context.ts'
import { type Formulation, formulate, type LoweringContext } from '../lowering.ts'

/** The channels of a weight: `[out, in, …]`. */
const channelsOf = (weight: Tensor | undefined): readonly [out: number, inside: number] => [
  axisSize(weight?.shape ?? [], 0),
  axisSize(weight?.shape ?? [], 1),
]

const isWhole = (block: number, channels: number): boolean => block > 0 && channels % block === 0

const attributesOf = ({ kernel, strides, pads, dilations }: ConvAttributes) => ({
  kernel_shape: kernel,
  strides,
  pads,
  dilations,
  group: 1,
})

/**
 * `[out, in, height, width]` as the blocked kernels read it, `[out/b, in/b, height, width, b in, b out]`; with few input
 * channels, which are then read from a plain map, `[out/b, in, height, width, b out]`.
 */
function blockedWeight({ builder, block, once, valueName }: LoweringContext, weight: Tensor): string {
  const [out, inside] = channelsOf(weight)
  const [height, width] = [axisSize(weight.shape, 2), axisSize(weight.shape, 3)]
  return once(`blocked ${valueName(weight)}`, () => {
    const [blocks, b] = inside < block ? [inside, 1] : [inside / block, block]
    const apart = builder.int64([out / block, block, blocks, b, height * width])
    const split = builder.node('Reshape', [valueName(weight), apart])
    const moved = builder.node('Transpose', [split], { perm: [0, 2, 4, 3, 1] })
    return builder.node('Reshape', [moved, builder.int64(weight.shape)])
  })
}

/** The weight of the input's gradient: turned by half a circle, and in and out exchanged. */
function turnedWeight({ builder, block, once, valueName }: LoweringContext, weight: Tensor): string {
  const [out, inside] = channelsOf(weight)
  const [height, width] = [axisSize(weight.shape, 2), axisSize(weight.shape, 3)]
  return once(`turned ${valueName(weight)}`, () => {
    const apart = builder.int64([out / block, block, inside / block, block, height * width])
    const split = builder.node('Reshape', [valueName(weight), apart])
    const moved = builder.node('Transpose', [split], { perm: [2, 0, 4, 1, 3] })
    const last = Array.from({ length: height * width }, (_, i) => height * width - 1 - i)
    const turned = last.length === 1 ? moved : builder.node('Gather', [moved, builder.int64(last)], { axis: 2 })
    return builder.node('Reshape', [turned, builder.int64([inside, out, height, width])])
  })
}

/** Zeros around the cotangent that make its convolution with the turned weight as large as the input. */
const turnedPads = ({ kernel, pads, dilations }: ConvAttributes): number[] =>
  pads.map((pad, side) => dilations[side % 2 === 0 ? 0 : 1] * (kernel[side % 2 === 0 ? 0 : 1] - 1) - pad)

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
  formulate(conv2dInputGradOperation, 'blocked', {
    fits: ({ block }, { inputs: [, weight] }, attributes) =>
      attributes.groups === 1 &&
      attributes.strides.every((stride) => stride === 1) &&
      turnedPads(attributes).every((pad) => pad >= 0) &&
      channelsOf(weight).every((channels) => isWhole(block, channels)),
    write: (context, { inputs: [cotangent, weight] }, attributes) => {
      if (cotangent === undefined || weight === undefined) throw new Error('a gradient has a cotangent and a weight')
      const inputs = [context.blockedName(cotangent), turnedWeight(context, weight)]
      const geometry = { ...attributesOf(attributes), pads: turnedPads(attributes) }
      return { blocked: context.builder.node('Conv', inputs, geometry, NCHWC) }
    },
  }),
]
