import type { Tensor } from '../../../tensor/index.ts'
import { axisSize, type Shape, sizeOf } from '../../../tensor/shape.ts'
import type { GraphBuilder } from '../builder.ts'
import { NCHWC } from '../context.ts'
import type { LoweringContext } from '../lowering.ts'

/** The channels of a weight: `[out, in, …]`. */
export const channelsOf = (weight: Tensor | undefined): readonly [out: number, inside: number] => [
  axisSize(weight?.shape ?? [], 0),
  axisSize(weight?.shape ?? [], 1),
]

export const isWhole = (block: number, channels: number): boolean => block > 0 && channels % block === 0

/** Channels of axis 1 in blocks, innermost: `[n, c / b, h·w, b]`, by the kernel that does this for maps. */
const inBlocks = (builder: GraphBuilder, value: string, shape: Shape): string =>
  builder.node('ReorderInput', [builder.node('Reshape', [value, builder.int64(shape)])], {}, NCHWC)

/** Channels up to the next whole block. */
export const wholeBlocks = (block: number, channels: number): number => Math.ceil(channels / block) * block

/** A weight with its input channels in blocks, `[out, in / b, height · width, b]`, zeros filling the last one: both orders below start from it. */
function halfBlocked({ builder, block, once, valueName }: LoweringContext, weight: Tensor): string {
  const [out, inside] = channelsOf(weight)
  const missing = wholeBlocks(block, inside) - inside
  return once(`half blocked ${valueName(weight)}`, () => {
    const value = valueName(weight)
    const whole = missing === 0 ? value : builder.node('Pad', [value, builder.int64([0, 0, 0, 0, 0, missing, 0, 0])])
    return inBlocks(builder, whole, [out, inside + missing, ...weight.shape.slice(2)])
  })
}

/**
 * `[out, in, height, width]` as the blocked kernels read it, `[out / b, in / b, height, width, b in, b out]`; with few input
 * channels, which are then read from a plain map, `[out / b, in, height, width, b out]`.
 */
export function blockedWeight(context: LoweringContext, weight: Tensor): string {
  const { builder, block, once, valueName } = context
  const [out, inside] = channelsOf(weight)
  return once(`blocked ${valueName(weight)}`, () => {
    const source = inside < block ? valueName(weight) : halfBlocked(context, weight)
    const blocked = inBlocks(builder, source, [1, out, sizeOf(weight.shape.slice(1)), 1])
    return builder.node('Reshape', [blocked, builder.int64(weight.shape)])
  })
}

/**
 * Some taps of the weight of an input's gradient, in and out exchanged: `[in / b, out / b, height, width, b out, b in]`.
 * Rows of a block are gathered in their new order.
 *
 * @param taps rows of taps, as flat places in the weight's own kernel
 */
export function turnedWeight(context: LoweringContext, weight: Tensor, taps: readonly (readonly number[])[]): string {
  const { builder, block, once, valueName } = context
  const out = channelsOf(weight)[0]
  const inside = wholeBlocks(block, channelsOf(weight)[1])
  const all = sizeOf(weight.shape.slice(2))
  return once(`turned ${valueName(weight)} ${taps.join(';')}`, () => {
    const range = (length: number) => Array.from({ length }, (_, i) => i)
    const order = range(inside / block).flatMap((i) =>
      range(out / block).flatMap((o) =>
        taps
          .flat()
          .flatMap((tap) => range(block).map((lane) => ((o * block + lane) * (inside / block) + i) * all + tap)),
      ),
    )
    const half = halfBlocked(context, weight)
    const rows = builder.node('Reshape', [half, builder.int64([(out * inside * all) / block, block])])
    const turned = builder.node('Gather', [rows, builder.int64(order)])
    return builder.node('Reshape', [turned, builder.int64([inside, out, taps.length, taps[0]?.length ?? 0])])
  })
}
