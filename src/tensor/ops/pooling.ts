import { at, type NdArray, ndarray } from '../ndarray.ts'
import { axisSize, type Shape, ShapeError, sizeOf } from '../shape.ts'
import { defineOperation, type Operation, type Tensor, type TensorType } from '../tensor.ts'
import { imageShape } from './convolution.ts'
import { commonDtype, requireDtype } from './operands.ts'
import { reduceMax, reduceMean } from './reduction.ts'
import { forEachTap, type Padding, type Pair, padding, pair, slide, type Window } from './window.ts'

function pooled(op: string, x: TensorType | undefined, window: Window): Shape {
  const [n, c, height, width] = imageShape(op, 'the input', x?.shape ?? [])
  if (x !== undefined) requireDtype(op, 'the input', x, 'float32')
  const output = slide(op, [height, width], window)
  for (const axis of [0, 1] as const) {
    const isWide = Math.max(window.pads[axis], window.pads[axis === 0 ? 2 : 3]) * 2 > window.kernel[axis]
    if (isWide || seesPaddingAlone(window, axis, [height, width][axis] ?? 0, output[axis]))
      throw new ShapeError(
        `${op}: with padding ${window.pads.join(', ')}, some windows of ${window.kernel.join('×')} would see padding alone ` +
          `on a ${height}×${width} map; the padding may be at most half of the window, and less where dilation is large`,
      )
  }
  return [n, c, ...output]
}

/** Whether all taps of some window lie outside the map along one axis; dilation can put them on both sides of it. */
function seesPaddingAlone({ kernel, strides, pads, dilations }: Window, axis: 0 | 1, size: number, windows: number) {
  return Array.from({ length: windows }, (_, i) => i * strides[axis] - pads[axis]).some((start) =>
    Array.from({ length: kernel[axis] }, (_, k) => start + k * dilations[axis]).every((at) => at < 0 || at >= size),
  )
}

/** Calls `visit(start of the plane in the input, start in the output)` for every image and channel. */
function forEachPlane(input: Shape, output: Shape, visit: (input: number, output: number) => void): void {
  const planes = axisSize(input, 0) * axisSize(input, 1)
  const [sizeIn, sizeOut] = [sizeOf(input.slice(2)), sizeOf(output.slice(2))]
  for (let plane = 0; plane < planes; plane++) visit(plane * sizeIn, plane * sizeOut)
}

const mapSize = (shape: Shape): [number, number] => [axisSize(shape, 2), axisSize(shape, 3)]

/** For every output of a max pool, the flat index of the input it took: the first of equals, in row-major order. */
function winners(x: NdArray, output: Shape, window: Window): Int32Array {
  const index = new Int32Array(sizeOf(output)).fill(-1)
  forEachPlane(x.shape, output, (startIn, startOut) =>
    forEachTap(window, mapSize(x.shape), mapSize(output), (out, input) => {
      const best = index[startOut + out] ?? -1
      if (best < 0 || at(x, startIn + input) > at(x, best)) index[startOut + out] = startIn + input
    }),
  )
  return index
}

export const maxPool2dOperation: Operation<Window> = defineOperation({
  name: 'maxPool2d',
  infer: ([x], window) => ({ dtype: x?.dtype ?? 'float32', shape: pooled('maxPool2d', x, window) }),
  reference: ([x], window, { shape }) =>
    ndarray(shape, x && Float64Array.from(winners(x, shape, window), (winner) => at(x, winner))),
  vjp: ({ inputs: [x], cotangent, attributes }) => [
    x === undefined ? undefined : maxPool2dGradOperation.apply([x, cotangent], attributes),
  ],
})

/** `(input, cotangent of the pool) -> input's cotangent`: each number goes to the position that won its window. */
export const maxPool2dGradOperation: Operation<Window> = defineOperation({
  name: 'maxPool2dGrad',
  infer: (inputs) => ({ dtype: commonDtype('maxPool2dGrad', inputs), shape: inputs[0]?.shape ?? [] }),
  reference: ([x, g], window, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined || g === undefined) return out
    winners(x, g.shape, window).forEach((winner, i) => {
      out.data[winner] = at(out, winner) + at(g, i)
    })
    return out
  },
  vjp: ({ inputs: [x], cotangent, attributes }) => [
    undefined,
    x === undefined ? undefined : maxPool2dPickOperation.apply([x, cotangent], attributes),
  ],
})

/** `(input, values of the input's shape) -> the values at the positions that won`: the transpose of the gradient. */
export const maxPool2dPickOperation: Operation<Window> = defineOperation({
  name: 'maxPool2dPick',
  infer: (inputs, window) => ({
    dtype: commonDtype('maxPool2dPick', inputs),
    shape: pooled('maxPool2dPick', inputs[0], window),
  }),
  reference: ([x, values], window, { shape }) =>
    ndarray(shape, x && values && Float64Array.from(winners(x, shape, window), (winner) => at(values, winner))),
  vjp: ({ inputs: [x], cotangent, attributes }) => [
    undefined,
    x === undefined ? undefined : maxPool2dGradOperation.apply([x, cotangent], attributes),
  ],
})

/** Defaults: stride equal to the window, no padding, dilation 1 (average pools have none). */
export interface PoolOptions {
  readonly stride?: Pair
  readonly padding?: Padding
  readonly dilation?: Pair
}

const windowOf = (kernel: Pair, { stride, padding: pads, dilation }: PoolOptions): Window => ({
  kernel: pair(kernel),
  strides: pair(stride ?? kernel),
  pads: padding(pads ?? 0),
  dilations: pair(dilation ?? 1),
})

/**
 * Largest value of each window; padding never wins. Of equal values the first in row-major order gets the gradient.
 *
 * @param x `[batch, channels, height, width]`
 */
export function maxPool2d(x: Tensor, kernel: Pair, options: PoolOptions = {}): Tensor {
  return maxPool2dOperation.apply([x], windowOf(kernel, options))
}

/** Whether padded zeros count in the divisor (PyTorch's and this default: true). */
export interface AveragePoolAttributes extends Window {
  readonly countIncludePad: boolean
}

/** Numbers each window averages over. */
function divisors(input: Shape, output: Shape, attributes: AveragePoolAttributes): Float64Array {
  const counts = new Float64Array(sizeOf(output.slice(2)))
  if (attributes.countIncludePad) return counts.fill(attributes.kernel[0] * attributes.kernel[1])
  forEachTap(attributes, mapSize(input), mapSize(output), (out) => {
    counts[out] = (counts[out] ?? 0) + 1
  })
  return counts
}

export const averagePool2dOperation: Operation<AveragePoolAttributes> = defineOperation({
  name: 'averagePool2d',
  infer: ([x], attributes) => ({ dtype: x?.dtype ?? 'float32', shape: pooled('averagePool2d', x, attributes) }),
  reference: ([x], attributes, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const counts = divisors(x.shape, shape, attributes)
    forEachPlane(x.shape, shape, (startIn, startOut) =>
      forEachTap(attributes, mapSize(x.shape), mapSize(shape), (o, i) => {
        out.data[startOut + o] = at(out, startOut + o) + at(x, startIn + i) / (counts[o] ?? 1)
      }),
    )
    return out
  },
  vjp: ({ inputs: [x], cotangent, attributes }) => [
    x === undefined ? undefined : averagePool2dGradOperation.apply([cotangent], { ...attributes, input: x.shape }),
  ],
})

/** `cotangent of the pool -> input's cotangent`; linear, so it needs no input. */
export const averagePool2dGradOperation: Operation<AveragePoolAttributes & { readonly input: Shape }> = defineOperation(
  {
    name: 'averagePool2dGrad',
    infer: ([g], { input }) => ({ dtype: g?.dtype ?? 'float32', shape: input }),
    reference: ([g], attributes, { shape }) => {
      const out = ndarray(shape)
      if (g === undefined) return out
      const counts = divisors(shape, g.shape, attributes)
      forEachPlane(shape, g.shape, (startIn, startOut) =>
        forEachTap(attributes, mapSize(shape), mapSize(g.shape), (o, i) => {
          out.data[startIn + i] = at(out, startIn + i) + at(g, startOut + o) / (counts[o] ?? 1)
        }),
      )
      return out
    },
    vjp: ({ cotangent, attributes: { input: _, ...attributes } }) => [
      averagePool2dOperation.apply([cotangent], attributes),
    ],
  },
)

/** Mean of each window. `x` is `[batch, channels, height, width]`; `countIncludePad` (default true) as in PyTorch. */
export function avgPool2d(
  x: Tensor,
  kernel: Pair,
  { countIncludePad = true, ...options }: Omit<PoolOptions, 'dilation'> & { readonly countIncludePad?: boolean } = {},
): Tensor {
  return averagePool2dOperation.apply([x], { ...windowOf(kernel, options), countIncludePad })
}

/** Mean of each channel's map: `[batch, channels, height, width]` to `[batch, channels, 1, 1]`. */
export function globalAvgPool2d(x: Tensor): Tensor {
  imageShape('globalAvgPool2d', 'the input', x.shape)
  return reduceMean(x, { axes: [2, 3], keepDims: true })
}

/** Largest value of each channel's map: `[batch, channels, height, width]` to `[batch, channels, 1, 1]`. */
export function globalMaxPool2d(x: Tensor): Tensor {
  imageShape('globalMaxPool2d', 'the input', x.shape)
  return reduceMax(x, { axes: [2, 3], keepDims: true })
}
