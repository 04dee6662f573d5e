import type { Tensor } from '../../../tensor/index.ts'
import { type ConvAttributes, conv2dWeightGradOperation, imageShape } from '../../../tensor/ops/convolution.ts'
import { type Shape, sizeOf } from '../../../tensor/shape.ts'
import type { GraphBuilder } from '../builder.ts'
import { type Formulation, formulate, type LoweringContext } from '../lowering.ts'

/** Sizes of a weight gradient: input, cotangent and kernel. */
function sizesOf(tensor: Tensor) {
  const [x, cotangent] = tensor.inputs
  const [batch, inside, height, width] = imageShape('conv2dWeightGrad', 'the input', x?.shape ?? [])
  const [, out, outHeight, outWidth] = imageShape('conv2dWeightGrad', 'the cotangent', cotangent?.shape ?? [])
  return { batch, inside, out, height, width, outHeight, outWidth }
}

/** Zeros above and below the cotangent with which it slides over the rows of the input. */
const rowPads = ({ kernel, pads, dilations }: ConvAttributes): readonly [number, number] => {
  const reach = dilations[0] * (kernel[0] - 1)
  return [reach - pads[0], reach - pads[2]]
}

/**
 * The gradient at tap (i, j) sums x[y + i, z + j] · g[y, z]. Moving x along its width and g along its height makes copies
 * for the taps of one row and of one column only, and one product of both gives all taps.
 */
const canSplit = (_: LoweringContext, { inputs }: Tensor, attributes: ConvAttributes): boolean =>
  inputs.length === 2 &&
  attributes.groups === 1 &&
  attributes.kernel[0] > 1 &&
  attributes.kernel[1] > 1 &&
  attributes.strides.every((stride) => stride === 1) &&
  rowPads(attributes).every((pad) => pad >= 0)

/** Numbers copied: rows and columns of taps, against every tap of the input. */
const copiesLess = (tensor: Tensor, { kernel: [rows, columns] }: ConvAttributes): boolean => {
  const { inside, out } = sizesOf(tensor)
  return columns * inside + rows * out < rows * columns * inside + out
}

/** Below this many positions a map is too short for a product of its own. Measured on ResNet18's shapes. */
const SHORT = 100

export const weightGradient: readonly Formulation[] = [
  formulate(conv2dWeightGradOperation, 'taps split, by sample', {
    fits: canSplit,
    pays: (_, tensor, attributes) => {
      const { outHeight, outWidth } = sizesOf(tensor)
      return copiesLess(tensor, attributes) && outHeight * outWidth >= SHORT
    },
    write: (context, tensor, attributes) => {
      const { builder, valueName } = context
      const { batch, inside, out, height, outWidth } = sizesOf(tensor)
      const { kernel, pads, dilations } = attributes
      const [x = '', cotangent = ''] = tensor.inputs.map(valueName)
      const moved = (value: string, channels: number, options: Parameters<typeof shifts>[2]) => {
        const copies = shifts(builder, value, { ...options, channels })
        return builder.node('Reshape', [copies, builder.int64([batch, channels * options.taps, height * outWidth])])
      }
      const columns = moved(x, inside, {
        taps: kernel[1],
        axis: 'width',
        pads: [pads[1], pads[3]],
        dilation: dilations[1],
      })
      const rows = moved(cotangent, out, {
        taps: kernel[0],
        axis: 'height',
        pads: rowPads(attributes),
        dilation: dilations[0],
      })
      const products = builder.node('FusedMatMul', [rows, columns], { transB: 1 }, 'com.microsoft')
      const sum = builder.node('ReduceSum', [products, builder.int64([0])], { keepdims: 0 })
      return { plain: tapsLast(builder, sum, tensor.shape) }
    },
  }),

  // With the batch innermost, a shift along the width passes over whole batches, and one product sums over everything.
  formulate(conv2dWeightGradOperation, 'taps split, one product', {
    fits: canSplit,
    pays: (_, tensor, attributes) => copiesLess(tensor, attributes),
    write: (context, tensor, attributes) => {
      const { builder, valueName, once } = context
      const { batch, inside, out, height, width, outHeight, outWidth } = sizesOf(tensor)
      const { kernel, pads, dilations } = attributes
      const [x = '', cotangent = ''] = tensor.inputs.map(valueName)
      const batchLast = (value: string, channels: number, [rows, columns]: readonly [number, number]) =>
        once(`batch last ${value}`, () => {
          const flat = builder.node('Reshape', [value, builder.int64([batch, channels * rows * columns])])
          const turned = builder.node('Transpose', [flat], { perm: [1, 0] })
          return builder.node('Reshape', [turned, builder.int64([channels, 1, rows, columns * batch])])
        })
      const long = height * outWidth * batch
      const columns = shifts(builder, batchLast(x, inside, [height, width]), {
        taps: kernel[1],
        axis: 'width',
        pads: [pads[1] * batch, pads[3] * batch],
        dilation: dilations[1] * batch,
      })
      const rows = shifts(builder, batchLast(cotangent, out, [outHeight, outWidth]), {
        taps: kernel[0],
        axis: 'height',
        pads: rowPads(attributes),
        dilation: dilations[0],
      })
      const product = builder.node(
        'Gemm',
        [
          builder.node('Reshape', [rows, builder.int64([out * kernel[0], long])]),
          builder.node('Reshape', [columns, builder.int64([inside * kernel[1], long])]),
        ],
        { transB: 1 },
      )
      return { plain: tapsLast(builder, product, tensor.shape) }
    },
  }),

  // Any stride: rows of samples and channels are gathered for each tap and position.
  formulate(conv2dWeightGradOperation, 'taps gathered, one product', {
    fits: (_, __, { groups }) => groups === 1,
    pays: (_, tensor) => {
      const { batch, outHeight, outWidth } = sizesOf(tensor)
      return outHeight * outWidth < SHORT && batch * sizeOf(tensor.shape) > LARGE
    },
    write: ({ builder, valueName }, tensor, attributes) => {
      const { batch, inside, out, height, width, outHeight, outWidth } = sizesOf(tensor)
      const [x = '', cotangent = ''] = tensor.inputs.map(valueName)
      const positions = outHeight * outWidth
      const byPosition = builder.node('Transpose', [x], { perm: [2, 3, 0, 1] })
      const rows = builder.node('Reshape', [byPosition, builder.int64([height * width, batch * inside])])
      const withZeros = builder.node('Pad', [rows, builder.int64([0, 0, 1, 0])])
      const picked = builder.node('Gather', [withZeros, builder.int64(placesOf(attributes, tensor))])
      const taps = attributes.kernel[0] * attributes.kernel[1]
      const columns = builder.node('Reshape', [picked, builder.int64([taps, positions * batch, inside])])
      const turned = builder.node('Transpose', [cotangent], { perm: [1, 2, 3, 0] })
      const left = builder.node('Reshape', [turned, builder.int64([out, positions * batch])])
      const product = builder.node('Reshape', [
        builder.node('MatMul', [left, columns]),
        builder.int64([taps, out * inside]),
      ])
      const last = builder.node('Transpose', [product], { perm: [1, 0] })
      return { plain: builder.node('Reshape', [last, builder.int64(tensor.shape)]) }
    },
  }),
]

/** Numbers of single samples' gradients above which they had better not be written out one by one. */
const LARGE = 2 ** 22

/**
 * Copies of each channel, moved by one tap each, next to each other: a depthwise convolution with one-hot kernels, which
 * ONNX Runtime does several times faster than slicing. Along the height the moves go the other way.
 */
function shifts(
  builder: GraphBuilder,
  value: string,
  options: {
    readonly taps: number
    readonly axis: 'height' | 'width'
    readonly pads: readonly [number, number]
    readonly dilation: number
    /** Default 1. */
    readonly channels?: number
  },
): string {
  const { taps, axis, pads, dilation, channels = 1 } = options
  const along = <T>(value: T, other: T): [T, T] => (axis === 'height' ? [value, other] : [other, value])
  const kernels = new Float32Array(channels * taps * taps)
  for (let row = 0; row < channels * taps; row++) {
    const tap = row % taps
    kernels[row * taps + (axis === 'height' ? taps - 1 - tap : tap)] = 1
  }
  return builder.node('Conv', [value, builder.constant(kernels, [channels * taps, 1, ...along(taps, 1)], 'float32')], {
    kernel_shape: along(taps, 1),
    pads: [...along(pads[0], 0), ...along(pads[1], 0)],
    dilations: along(dilation, 1),
    group: channels,
  })
}

/** `[out · rows, in · columns]` as `[out, in, rows, columns]`. */
function tapsLast(builder: GraphBuilder, value: string, shape: Shape): string {
  const [out = 0, inside = 0, rows = 0, columns = 0] = shape
  const apart = builder.node('Reshape', [value, builder.int64([out, rows, inside, columns])])
  return builder.node('Transpose', [apart], { perm: [0, 2, 1, 3] })
}

/** For each tap and position of the cotangent, the input's position under it; one past the last where there is none. */
function placesOf({ kernel, strides, pads, dilations }: ConvAttributes, tensor: Tensor): number[] {
  const { height, width, outHeight, outWidth } = sizesOf(tensor)
  const range = (length: number) => Array.from({ length }, (_, i) => i)
  return range(kernel[0]).flatMap((i) =>
    range(kernel[1]).flatMap((j) =>
      range(outHeight).flatMap((y) =>
        range(outWidth).map((z) => {
          const row = y * strides[0] + i * dilations[0] - pads[0]
          const column = z * strides[1] + j * dilations[1] - pads[1]
          const inMap = row >= 0 && row < height && column >= 0 && column < width
          return inMap ? row * width + column : height * width
        }),
      ),
    ),
  )
}
