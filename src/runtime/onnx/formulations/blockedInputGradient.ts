import type { Tensor } from '../../../tensor/index.ts'
import { type ConvAttributes, conv2dInputGradOperation, imageShape } from '../../../tensor/ops/convolution.ts'
import type { Shape } from '../../../tensor/shape.ts'
import { NCHWC } from '../context.ts'
import { type Formulation, formulate, type LoweringContext } from '../lowering.ts'
import { channelsOf, isWhole, turnedWeight, wholeBlocks } from './blockedWeights.ts'

/** The taps of a kernel along one axis that meet the input's positions `stride · i + phase`, and how they meet them. */
interface Phase {
  /** From the last to the first: the gradient runs through the kernel backwards. */
  readonly taps: readonly number[]
  /** Zeros around the cotangent; a convolution with the taps then gives the phase's positions. */
  readonly pads: readonly [before: number, after: number]
  readonly positions: number
}

/**
 * x[s·i + p] was multiplied by tap k into y[i + (p + pad - d·k) / s], wherever that divides: a convolution for each phase p.
 * With stride 1 there is one phase, of all taps. Undefined where the taps of a phase are not evenly spaced on the cotangent.
 */
function phasesOf(axis: 0 | 1, attributes: ConvAttributes, size: number, outSize: number): Phase[] | undefined {
  const [stride, dilation, pad] = [attributes.strides[axis], attributes.dilations[axis], attributes.pads[axis]]
  if (stride > 1 && dilation > 1) return undefined
  const phases = Array.from({ length: stride }, (_, phase): Phase => {
    const taps = Array.from({ length: attributes.kernel[axis] }, (_tap, k) => k)
      .filter((k) => (phase + pad - dilation * k) % stride === 0)
      .reverse()
    const positions = Math.ceil(size / stride)
    if (taps.length === 0) return { taps, pads: [0, 0], positions }
    const [last = 0] = taps
    // The cotangent under the last tap, for the first position.
    const first = (phase + pad - dilation * last) / stride
    const reach = stride > 1 ? taps.length - 1 : dilation * (taps.length - 1)
    return { taps, pads: [-first, positions + first + reach - outSize], positions }
  })
  return phases.every(({ pads }) => pads.every((zeros) => zeros >= 0)) ? phases : undefined
}

function phasesOfMap(tensor: Tensor, attributes: ConvAttributes) {
  const [, , height, width] = imageShape('conv2dInputGrad', 'the input', tensor.shape)
  const [, , outHeight, outWidth] = imageShape('conv2dInputGrad', 'the cotangent', tensor.inputs[0]?.shape ?? [])
  const [rows, columns] = [phasesOf(0, attributes, height, outHeight), phasesOf(1, attributes, width, outWidth)]
  return rows === undefined || columns === undefined ? undefined : { rows, columns, height, width }
}

export const blockedInputGradient: readonly Formulation[] = [
  formulate(conv2dInputGradOperation, 'blocked', {
    fits: ({ block }, tensor, attributes) =>
      attributes.groups === 1 &&
      isWhole(block, channelsOf(tensor.inputs[1])[0]) &&
      phasesOfMap(tensor, attributes) !== undefined,
    // Channels that fill up a block are computed for nothing.
    pays: ({ block }, { inputs: [, weight] }) => 3 * channelsOf(weight)[1] >= wholeBlocks(block, channelsOf(weight)[1]),
    write: (context, tensor, attributes) => {
      const phases = phasesOfMap(tensor, attributes)
      const [cotangent, weight] = tensor.inputs
      if (phases === undefined || cotangent === undefined || weight === undefined)
        throw new Error('a gradient has a cotangent and a weight')
      const { rows, columns } = phases
      const maps = rows.map((row) =>
        columns.map((column) => phaseMap(context, [cotangent, weight], attributes, row, column)),
      )
      const [[only = ''] = []] = maps
      const channels = channelsOf(weight)[1]
      const shape = tensor.shape.with(1, wholeBlocks(context.block, channels))
      const isOne = attributes.strides.every((stride) => stride === 1)
      const blocked = isOne ? only : interleaved(context, shape, maps, phases)
      if (isWhole(context.block, channels)) return { blocked }
      return { plain: context.builder.node('ReorderOutput', [blocked], { channels }, NCHWC) }
    },
  }),
]

/** The gradient at the positions of one phase of rows and one of columns, in blocks. */
function phaseMap(
  { builder, ...context }: LoweringContext,
  [cotangent, weight]: readonly [Tensor, Tensor],
  { kernel, dilations, strides }: ConvAttributes,
  row: Phase,
  column: Phase,
): string {
  const [batch = 0] = cotangent.shape
  const channels = wholeBlocks(context.block, channelsOf(weight)[1])
  const shape = [batch, channels, row.positions, column.positions]
  // Positions that no tap meets.
  if (row.taps.length === 0 || column.taps.length === 0)
    return builder.node('Expand', [builder.scalar(0), builder.int64(shape)])
  const taps = row.taps.map((k) => column.taps.map((j) => k * kernel[1] + j))
  return builder.node(
    'Conv',
    [context.blockedName(cotangent), turnedWeight({ builder, ...context }, weight, taps)],
    {
      kernel_shape: [row.taps.length, column.taps.length],
      strides: [1, 1],
      pads: [row.pads[0], column.pads[0], row.pads[1], column.pads[1]],
      dilations: dilations.map((dilation, axis) => (strides[axis] === 1 ? dilation : 1)),
      group: 1,
    },
    NCHWC,
  )
}

/** Maps of the phases, shuffled together and cut to size. */
function interleaved(
  { builder, block }: LoweringContext,
  shape: Shape,
  maps: readonly (readonly string[])[],
  { rows, columns, height, width }: NonNullable<ReturnType<typeof phasesOfMap>>,
): string {
  const [batch = 0, channels = 0] = shape
  const [down = 0, across = 0] = [rows[0]?.positions, columns[0]?.positions]
  const planes = (batch * channels) / block
  const apart = (value: string) => builder.node('Reshape', [value, builder.int64([planes * down, 1, across, 1, block])])
  const joined = (values: readonly string[], axis: number) =>
    values.length === 1 ? (values[0] ?? '') : builder.node('Concat', values, { axis })
  const lines = maps.map((line) => joined(line.map(apart), 3))
  const whole = builder.node('Reshape', [
    joined(lines, 1),
    builder.int64([planes, down * rows.length, across * columns.length, block]),
  ])
  const isCut = down * rows.length > height || across * columns.length > width
  const cut = isCut
    ? builder.node('Slice', [whole, builder.int64([0, 0]), builder.int64([height, width]), builder.int64([1, 2])])
    : whole
  return builder.node('Reshape', [cut, builder.int64(shape)])
}
