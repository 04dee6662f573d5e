import { at, ndarray } from '../ndarray.ts'
import { axisSize, formatShape, normalizeAxis, ShapeError, sizeOf, stridesOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { gatherElements } from './elements.ts'
import { commonDtype } from './operands.ts'
import { argMax } from './reduction.ts'
import { neg } from './unary.ts'

export interface TopKAttributes {
  readonly axis: number
  readonly k: number
  readonly largest: boolean
}

/** ONNX's TopK has two outputs; this row gives the places, and values are gathered by them, which gives the gradient. */
export const topKOperation = defineOperation<TopKAttributes>({
  name: 'topK',
  infer: (inputs, { axis, k }) => {
    commonDtype('topK', inputs, 'float32', 'int32')
    const shape = inputs[0]?.shape ?? []
    if (!Number.isInteger(k) || k < 1 || k > axisSize(shape, axis))
      throw new ShapeError(
        `topK: k is ${k}, but axis ${axis} of ${formatShape(shape)} has ${axisSize(shape, axis)} entries; give a whole number from 1 to that`,
      )
    return { dtype: 'int32', shape: shape.map((size, i) => (i === axis ? k : size)) }
  },
  reference: ([x], { axis, k, largest }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const size = axisSize(x.shape, axis)
    const stride = axisSize(stridesOf(x.shape), axis)
    for (let lane = 0; lane < sizeOf(x.shape) / size; lane++) {
      const [outer, inner] = [Math.floor(lane / stride), lane % stride]
      const value = (i: number) => at(x, (outer * size + i) * stride + inner)
      const order = Array.from({ length: size }, (_, i) => i).sort((a, b) =>
        largest ? value(b) - value(a) : value(a) - value(b),
      )
      for (let i = 0; i < k; i++) out.data[(outer * k + i) * stride + inner] = order[i] ?? 0
    }
    return out
  },
})

/** `axis` (default the last) and whether the largest or the smallest are wanted (default: the largest). */
export interface TopKOptions {
  readonly axis?: number
  readonly largest?: boolean
}

/**
 * The `k` largest or smallest entries along one axis, in order, the first of equals first.
 *
 * @returns the values, whose gradient goes to where they came from, and their indices along the axis (int32)
 * @throws ShapeError when `k` is not from 1 to the axis's size
 */
export function topK(
  x: Tensor,
  k: number,
  { axis = -1, largest = true }: TopKOptions = {},
): { readonly values: Tensor; readonly indices: Tensor } {
  const place = normalizeAxis('topK', axis, x.shape.length)
  const indices = topKOperation.apply([x], { axis: place, k, largest })
  return { values: gatherElements(x, indices, place), indices }
}

/** `axis` (default the last) and the order (default: ascending). */
export interface SortOptions {
  readonly axis?: number
  readonly descending?: boolean
}

const sorted = (op: string, x: Tensor, { axis = -1, descending = false }: SortOptions) =>
  topK(x, axisSize(x.shape, normalizeAxis(op, axis, x.shape.length)), { axis, largest: descending })

/** The entries of one axis in order. */
export const sort = (x: Tensor, options: SortOptions = {}): Tensor => sorted('sort', x, options).values

/** The indices (int32) that {@link sort} an axis: equal entries stay in their order. */
export const argSort = (x: Tensor, options: SortOptions = {}): Tensor => sorted('argSort', x, options).indices

/** Index of the smallest value along one axis, the first of equals (int32). `x` is float32 or int32. */
export const argMin = (x: Tensor, axis = -1): Tensor => argMax(neg(x), axis)
