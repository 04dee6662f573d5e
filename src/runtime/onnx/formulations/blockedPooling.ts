import type { Tensor } from '../../../tensor/index.ts'
import { imageShape } from '../../../tensor/ops/convolution.ts'
import { maxPool2dGradOperation, maxPool2dOperation } from '../../../tensor/ops/pooling.ts'
import type { Window } from '../../../tensor/ops/window.ts'
import { NCHWC } from '../context.ts'
import { type Formulation, formulate, type LoweringContext } from '../lowering.ts'
import { dataTypes } from '../proto.ts'

const fitsBlocks = ({ block }: LoweringContext, x: Tensor | undefined): x is Tensor =>
  block > 0 && x !== undefined && (x.shape[1] ?? 0) % block === 0

const isBlocked = ({ isBlocked }: LoweringContext, { inputs: [x] }: Tensor): boolean => x !== undefined && isBlocked(x)

/** Windows of 2×2 that cover the map without overlap, the pool of most networks. */
const halves = ({ kernel, strides, pads, dilations }: Window, { shape }: Tensor): boolean =>
  [...kernel, ...strides].every((size) => size === 2) &&
  pads.every((pad) => pad === 0) &&
  dilations.every((dilation) => dilation === 1) &&
  shape.slice(2).every((size) => size % 2 === 0)

function maxima({ builder, once, blockedName }: LoweringContext, x: Tensor, window: Window): string {
  const { kernel, strides, pads, dilations } = window
  const geometry = { kernel_shape: kernel, strides, pads, dilations }
  const blocked = blockedName(x)
  return once(`blocked maxima ${blocked} ${JSON.stringify(geometry)}`, () =>
    builder.node('MaxPool', [blocked], geometry, NCHWC),
  )
}

export const blockedPooling: readonly Formulation[] = [
  formulate(maxPool2dOperation, 'blocked', {
    fits: (context, { inputs: [x] }) => fitsBlocks(context, x),
    // Other windows' gradients need the winners' places, which come with the maxima of the plain pool.
    pays: (context, tensor, window) => {
      const [x] = tensor.inputs
      const plain = x === undefined || context.usesOf(x, 'maxPool2dPick').length > 0
      const ungraded = !plain && context.usesOf(x, 'maxPool2dGrad').length === 0
      return isBlocked(context, tensor) && !plain && (ungraded || halves(window, x))
    },
    write: (context, { inputs: [x] }, window) => {
      if (x === undefined) throw new Error('a pool has an input')
      return { blocked: maxima(context, x, window) }
    },
  }),

  // Each corner of a window takes the cotangent if it is the maximum, and the next one what is left: the first of equals wins.
  formulate(maxPool2dGradOperation, 'blocked', {
    fits: (context, { inputs: [x] }, window) => fitsBlocks(context, x) && halves(window, x),
    pays: isBlocked,
    write: (context, { inputs: [x, cotangent], shape }, window) => {
      if (x === undefined || cotangent === undefined) throw new Error('a pool has an input and a cotangent')
      const { builder, block, blockedName } = context
      const [batch, channels, height, width] = imageShape('maxPool2dGrad', 'the input', shape)
      const rows = (batch * channels * height) / (2 * block)
      const windows = (value: string) => builder.node('Reshape', [value, builder.int64([rows, 1, width / 2, 1, block])])
      const map = builder.node('Reshape', [blockedName(x), builder.int64([rows, 2, width / 2, 2, block])])
      const corner = (row: 0 | 1, column: 0 | 1) =>
        builder.node('Slice', [
          map,
          builder.int64([row, column]),
          builder.int64([row + 1, column + 1]),
          builder.int64([1, 3]),
        ])
      const best = windows(maxima(context, x, window))
      let left = windows(blockedName(cotangent))
      const taken = (
        [
          [0, 0],
          [0, 1],
          [1, 0],
        ] as const
      ).map(([row, column]) => {
        const wins = builder.node('Cast', [builder.node('Equal', [corner(row, column), best])], {
          to: dataTypes.float32,
        })
        const taken = builder.node('Mul', [left, wins])
        left = builder.node('Sub', [left, taken])
        return taken
      })
      const [first = '', second = '', third = ''] = taken
      const upper = builder.node('Concat', [first, second], { axis: 3 })
      const lower = builder.node('Concat', [third, left], { axis: 3 })
      const both = builder.node('Concat', [upper, lower], { axis: 1 })
      return { blocked: builder.node('Reshape', [both, builder.int64(shape)]) }
    },
  }),
]
