import { at, forEachIndex, ndarray, offsetOf } from '../ndarray.ts'
import { axisSize, ShapeError, stridesOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { constant } from './constant.ts'
import { imageShape } from './convolution.ts'
import { matmul } from './matmul.ts'
import { requireDtype } from './operands.ts'
import { avgPool2d } from './pooling.ts'
import { type Pair, pair } from './window.ts'

/** The wanted `size` or the factor (`scale`, whole or not), for both axes or `[height, width]`; `mode` by default `nearest`. */
export interface ResizeOptions {
  readonly size?: Pair
  readonly scale?: Pair
  readonly mode?: 'nearest' | 'bilinear'
}

/** Every pixel repeated in a block of `factors`, which ONNX's Resize does several times faster than an Expand would. */
export const upsampleOperation = defineOperation<{ readonly factors: readonly [number, number] }>({
  name: 'upsample',
  infer: ([x], { factors }) => ({
    dtype: x?.dtype ?? 'float32',
    shape: (x?.shape ?? []).map((size, axis) => size * (factors[axis - 2] ?? 1)),
  }),
  reference: ([x], { factors }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const strides = stridesOf(x.shape)
    forEachIndex(shape, (index, flat) => {
      const source = index.map((place, axis) => Math.floor(place / axisSize(factors, axis - 2)))
      out.data[flat] = at(x, offsetOf(source, strides))
    })
    return out
  },
  vjp: ({ cotangent, attributes: { factors } }) => [mul(avgPool2d(cotangent, factors), factors[0] * factors[1])],
})

/**
 * Each output's weights on the inputs of one axis, `[to, from]`. Nearest takes floor(i / scale); bilinear puts the centres
 * of pixels at halves and holds the edges: PyTorch's `interpolate` with `align_corners=False`.
 */
function weights(from: number, to: number, scale: number, mode: 'nearest' | 'bilinear'): Float32Array {
  const matrix = new Float32Array(to * from)
  const put = (row: number, column: number, weight: number) => {
    const place = row * from + Math.min(column, from - 1)
    matrix[place] = (matrix[place] ?? 0) + weight
  }
  for (let i = 0; i < to; i++) {
    if (mode === 'nearest') {
      put(i, Math.floor(i / scale), 1)
      continue
    }
    const source = Math.max(0, (i + 0.5) / scale - 0.5)
    const left = Math.min(Math.floor(source), from - 1)
    put(i, left, 1 - (source - left))
    put(i, left + 1, source - left)
  }
  return matrix
}

/**
 * The factor by which outputs look up inputs. As in PyTorch a given scale counts even where size · scale is not whole,
 * but nearest to the same or the double size is always a copy or a repetition.
 */
function placing(from: number, to: number, scale: number | undefined, mode: 'nearest' | 'bilinear'): number {
  const isPlain = mode === 'nearest' && (to === from || to === 2 * from)
  return scale === undefined || isPlain ? to / from : scale
}

/**
 * Images of another size, as PyTorch's `interpolate`: a product with a small matrix for each axis, so that the gradient is
 * exact. Nearest by whole factors repeats pixels without any product.
 *
 * @param x `[batch, channels, height, width]`
 * @returns `[batch, channels, height', width']` with size' = floor(size · scale)
 * @throws ShapeError when neither or both of `size` and `scale` are given, or nothing is left
 */
export function resize(x: Tensor, { size, scale, mode = 'nearest' }: ResizeOptions): Tensor {
  const [, , height, width] = imageShape('resize', 'the input', x.shape)
  requireDtype('resize', 'the input', x, 'float32')
  if ((size === undefined) === (scale === undefined)) throw new ShapeError('resize: give either a size or a scale')
  const factors = scale === undefined ? undefined : pair(scale)
  const [toHeight, toWidth] =
    size === undefined
      ? [Math.floor(height * (factors?.[0] ?? 1)), Math.floor(width * (factors?.[1] ?? 1))]
      : pair(size)
  for (const to of [toHeight, toWidth])
    if (!Number.isInteger(to) || to < 1)
      throw new ShapeError(
        `resize: a ${height}×${width} map cannot become ${toHeight}×${toWidth}; sizes must be whole and at least 1`,
      )
  const tall = placing(height, toHeight, factors?.[0], mode)
  const wide = placing(width, toWidth, factors?.[1], mode)
  if (mode === 'nearest' && Number.isInteger(tall) && Number.isInteger(wide))
    return upsampleOperation.apply([x], { factors: [tall, wide] })
  const rows = constant(weights(height, toHeight, tall, mode), [toHeight, height], 'float32')
  const columns = weights(width, toWidth, wide, mode)
  const turned = Float32Array.from(columns, (_, i) => columns[(i % toWidth) * width + Math.floor(i / toWidth)] ?? 0)
  return matmul(rows, matmul(x, constant(turned, [width, toWidth], 'float32')))
}
