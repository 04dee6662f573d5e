import { at, broadcastStrides, forEachIndex, ndarray, offsetOf } from '../ndarray.ts'
import {
  axisSize,
  broadcastShapes,
  formatShape,
  normalizeAxis,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  stridesOf,
} from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { unbroadcast } from './operands.ts'

export const reshapeOperation = defineOperation<{ readonly shape: Shape }>({
  name: 'reshape',
  infer: ([x], { shape }) => ({ dtype: x?.dtype ?? 'float32', shape }),
  reference: ([x], { shape }) => ndarray(shape, x?.data),
  vjp: ({ inputs: [x], cotangent }) => [x === undefined ? undefined : reshape(cotangent, x.shape)],
})

/** The same elements under another shape; one size may be -1 and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const size = sizeOf(x.shape)
  const known = shape.filter((axis) => axis !== -1)
  const resolved = shape.map((axis) => (axis === -1 ? size / sizeOf(known) : axis))
  if (
    shape.length - known.length > 1 ||
    sizeOf(resolved) !== size ||
    !resolved.every((axis) => Number.isInteger(axis) && axis >= 0)
  )
    throw new ShapeError(
      `reshape: ${formatShape(x.shape)} has ${size} elements and cannot become ${formatShape(shape)}; ` +
        `the product of the sizes must be ${size}`,
    )
  if (sameShape(resolved, x.shape)) return x
  return reshapeOperation.apply([x], { shape: resolved })
}

export const transposeOperation = defineOperation<{ readonly perm: readonly number[] }>({
  name: 'transpose',
  infer: ([x], { perm }) => ({
    dtype: x?.dtype ?? 'float32',
    shape: perm.map((axis) => axisSize(x?.shape ?? [], axis)),
  }),
  reference: ([x], { perm }, { shape }) => {
    const out = ndarray(shape)
    const strides = stridesOf(x?.shape ?? [])
    const permuted = perm.map((axis) => axisSize(strides, axis))
    forEachIndex(shape, (index, flat) => {
      out.data[flat] = x === undefined ? 0 : at(x, offsetOf(index, permuted))
    })
    return out
  },
  vjp: ({ cotangent, attributes: { perm } }) => [
    transpose(
      cotangent,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ],
})

/** Axes in another order: axis `i` of the output is axis `perm[i]` of `x`. Default: reversed. */
export function transpose(x: Tensor, perm?: readonly number[]): Tensor {
  const rank = x.shape.length
  const order = (perm ?? x.shape.map((_, i) => rank - 1 - i)).map((axis) => normalizeAxis('transpose', axis, rank))
  if (new Set(order).size !== rank || order.length !== rank)
    throw new ShapeError(
      `transpose: [${(perm ?? []).join(', ')}] is not an order of the ${rank} axes of ${formatShape(x.shape)}`,
    )
  return order.every((axis, i) => axis === i) ? x : transposeOperation.apply([x], { perm: order })
}

/** The two last axes swapped. */
export function swapLastAxes(x: Tensor): Tensor {
  const rank = x.shape.length
  return transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2])
}

export const expandOperation = defineOperation<{ readonly shape: Shape }>({
  name: 'expand',
  infer: ([x], { shape }) => ({ dtype: x?.dtype ?? 'float32', shape }),
  reference: ([x], { shape }) => {
    const out = ndarray(shape)
    const strides = broadcastStrides(x?.shape ?? [], shape)
    forEachIndex(shape, (index, flat) => {
      out.data[flat] = x === undefined ? 0 : at(x, offsetOf(index, strides))
    })
    return out
  },
  vjp: ({ inputs: [x], cotangent }) => [x === undefined ? undefined : unbroadcast(cotangent, x)],
})

/** Repeats axes of size 1 up to `shape` (NumPy's broadcasting). */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  if (!sameShape(broadcastShapes('expand', x.shape, shape), shape))
    throw new ShapeError(
      `expand: ${formatShape(x.shape)} cannot become ${formatShape(shape)}; only axes of size 1 stretch`,
    )
  return expandOperation.apply([x], { shape })
}
