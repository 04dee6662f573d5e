import { at, forEachIndex, ndarray } from '../ndarray.ts'
import { axisSize, formatShape, normalizeAxis, type Shape, ShapeError, sameShape, sizeOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { requireDtype } from './operands.ts'

interface GatherAttributes {
  readonly axis: number
}

export const gatherOperation = defineOperation<GatherAttributes>({
  name: 'gather',
  infer: ([x, indices], { axis }) => {
    if (indices !== undefined) requireDtype('gather', 'the indices', indices, 'int32')
    const shape = x?.shape ?? []
    return {
      dtype: x?.dtype ?? 'float32',
      shape: [...shape.slice(0, axis), ...(indices?.shape ?? []), ...shape.slice(axis + 1)],
    }
  },
  reference: ([x, indices], { axis }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined || indices === undefined) return out
    forEachMove(
      x.shape,
      axis,
      sizeOf(indices.shape),
      (i) => at(indices, i),
      (whole, picked) => {
        out.data[picked] = at(x, whole)
      },
    )
    return out
  },
  vjp: ({ inputs: [x, indices], cotangent, attributes: { axis } }) =>
    x === undefined || indices === undefined
      ? []
      : [scatterAddOperation.apply([cotangent, indices], { axis, shape: x.shape }), undefined],
})

/** Visits the pairs (flat index in the whole tensor, flat index in the picked one). */
function forEachMove(
  whole: Shape,
  axis: number,
  count: number,
  index: (i: number) => number,
  visit: (whole: number, picked: number) => void,
): void {
  const outer = sizeOf(whole.slice(0, axis))
  const inner = sizeOf(whole.slice(axis + 1))
  const size = axisSize(whole, axis)
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < count; i++) {
      const from = index(i)
      if (from < 0 || from >= size)
        throw new ShapeError(`gather: index ${from} is outside axis ${axis}, which has ${size} entries`)
      for (let k = 0; k < inner; k++) visit((o * size + from) * inner + k, (o * count + i) * inner + k)
    }
}

/**
 * Entries of one axis (default 0) by index.
 *
 * @param indices int32 of any shape, whose axes take the place of `axis`; each from 0 to the axis's size - 1
 */
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  gatherOperation.apply([x, indices], { axis: normalizeAxis('gather', axis, x.shape.length) })

export const scatterAddOperation = defineOperation<GatherAttributes & { readonly shape: Shape }>({
  name: 'scatterAdd',
  infer: ([values], { shape }) => ({ dtype: values?.dtype ?? 'float32', shape }),
  reference: ([values, indices], { axis }, { shape }) => {
    const out = ndarray(shape)
    if (values === undefined || indices === undefined) return out
    forEachMove(
      shape,
      axis,
      sizeOf(indices.shape),
      (i) => at(indices, i),
      (whole, picked) => {
        out.data[whole] = at(out, whole) + at(values, picked)
      },
    )
    return out
  },
  vjp: ({ inputs: [, indices], cotangent, attributes: { axis } }) =>
    indices === undefined ? [] : [gather(cotangent, indices, axis), undefined],
})

/**
 * Zeros of `shape` with `values` added at the indices of one axis (default 0): the transpose of {@link gather}. An index
 * that comes several times gets the sum.
 *
 * @param values of the shape that `gather` would give
 */
export function scatterAdd(values: Tensor, indices: Tensor, shape: Shape, axis = 0): Tensor {
  const place = normalizeAxis('scatterAdd', axis, shape.length)
  requireDtype('scatterAdd', 'the values', values, 'float32')
  requireDtype('scatterAdd', 'the indices', indices, 'int32')
  const wanted = [...shape.slice(0, place), ...indices.shape, ...shape.slice(place + 1)]
  if (!sameShape(values.shape, wanted))
    throw new ShapeError(
      `scatterAdd: values of shape ${formatShape(values.shape)} do not fit indices of ${formatShape(indices.shape)} into ` +
        `axis ${place} of ${formatShape(shape)}; they must be ${formatShape(wanted)}`,
    )
  return scatterAddOperation.apply([values, indices], { axis: place, shape })
}

/**
 * Rows of a table by index: a vector for each word.
 *
 * @param table `[entries, features]`
 * @param indices int32 of any shape `[…]`, each from 0 to entries - 1
 * @returns `[…, features]`
 */
export function embedding(table: Tensor, indices: Tensor): Tensor {
  if (table.shape.length !== 2)
    throw new ShapeError(`embedding: the table has shape ${formatShape(table.shape)} but must be [entries, features]`)
  return gather(table, indices)
}

export const oneHotOperation = defineOperation<{ readonly depth: number }>({
  name: 'oneHot',
  infer: ([labels], { depth }) => {
    if (labels !== undefined) requireDtype('oneHot', 'the labels', labels, 'int32')
    if (!Number.isInteger(depth) || depth < 1)
      throw new ShapeError(`oneHot: depth ${depth} must be a whole number of at least 1, the number of classes`)
    return { dtype: 'float32', shape: [...(labels?.shape ?? []), depth] }
  },
  reference: ([labels], { depth }, { shape }) => {
    const out = ndarray(shape)
    if (labels === undefined) return out
    forEachIndex(labels.shape, (_, flat) => {
      const label = at(labels, flat)
      if (label >= 0 && label < depth) out.data[flat * depth + label] = 1
    })
    return out
  },
})

/** int32 labels `[…]` to float32 `[…, depth]`: 1 at the label's place; a label outside gives a row of zeros. */
export const oneHot = (labels: Tensor, depth: number): Tensor => oneHotOperation.apply([labels], { depth })
