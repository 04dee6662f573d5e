import type { Tensor } from '../../../tensor/index.ts'
import { type ConvAttributes, conv2dInputGradOperation, conv2dOperation } from '../../../tensor/ops/convolution.ts'
import { axisSize, type Shape, sizeOf } from '../../../tensor/shape.ts'
import type { GraphBuilder } from '../builder.ts'
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

/** Channels of axis 1 in blocks, innermost: `[n, c / b, h·w, b]`, by the kernel that does this for maps. */
const inBlocks = (builder: GraphBuilder, value: string, shape: Shape): string =>
  builder.node('ReorderInput', [builder.node('Reshape', [value, builder.int64(shape)])], {}, NCHWC)

/** A weight with its input channels in blocks, `[out, in / b, height · width, b]`: both orders below start from it. */
const halfBlocked = ({ builder, once, valueName }: LoweringContext, weight: Tensor): string =>
  once(`half blocked ${valueName(weight)}`, () => inBlocks(builder, valueName(weight), weight.shape))

/**
 * `[out, in, height, width]` as the blocked kernels read it, `[out / b, in / b, height, width, b in, b out]`; with few input
 * channels, which are then read from a plain map, `[out / b, in, height, width, b out]`.
 */
function blockedWeight(context: LoweringContext, weight: Tensor): string {
  const { builder, block, once, valueName } = context
  const [out, inside] = channelsOf(weight)
  return once(`blocked ${valueName(weight)}`, () => {
    const source = inside < block ? valueName(weight) : halfBlocked(context, weight)
    const blocked = inBlocks(builder, source, [1, out, sizeOf(weight.shape.slice(1)), 1])
    return builder.node('Reshape', [blocked, builder.int64(weight.shape)])
  })
}

/**
 * The weight of the input's gradient, `[in / b, out / b, height, width, b out, b in]`: turned by half a circle, and in and
 * out exchanged. Rows of a block are gathered in their new order.
 */
function turnedWeight(context: LoweringContext, weight: Tensor): string {
  const { builder, block, once, valueName } = context
  const [out, inside] = channelsOf(weight)
  const [height, width] = [axisSize(weight.shape, 2), axisSize(weight.shape, 3)]
  const taps = height * width
  return once(`turned ${valueName(weight)}`, () => {
    const range = (length: number) => Array.from({ length }, (_, i) => i)
    const order = range(inside / block).flatMap((i) =>
      range(out / block).flatMap((o) =>
        range(taps).flatMap((tap) =>
          range(block).map((lane) => ((o * block + lane) * (inside / block) + i) * taps + taps - 1 - tap),
        ),
      ),
    )
    const rows = builder.node('Reshape', [halfBlocked(context, weight), builder.int64([order.length, block])])
    const turned = builder.node('Gather', [rows, builder.int64(order)])
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
