/** Gathering and scattering element by element, sums that run along an axis, and what comes of sorting. */
import { at, forEachIndex, type NdArray, ndarray, offsetOf } from '../ndarray.ts'
import { axisSize, formatShape, normalizeAxis, type Shape, ShapeError, sameShape, sizeOf, stridesOf } from '../shape.ts'
import { defineOperation, type Operation, type Tensor, type TensorType } from '../tensor.ts'
import { add } from './arithmetic.ts'
import { commonDtype, requireDtype } from './operands.ts'

interface AxisAttributes {
  readonly axis: number
}

function requireIndices(op: string, whole: Shape, indices: TensorType, axis: number): void {
  requireDtype(op, 'the indices', indices, 'int32')
  const fits =
    indices.shape.length === whole.length && indices.shape.every((size, i) => i === axis || size <= axisSize(whole, i))
  if (!fits)
    throw new ShapeError(
      `${op}: indices of shape ${formatShape(indices.shape)} do not fit ${formatShape(whole)}; they must have as many axes, ` +
        `and no larger ones beside axis ${axis}`,
    )
}

/** Visits the pairs (flat index in the whole tensor, flat index in the indices). */
function forEachElement(
  op: string,
  whole: Shape,
  indices: NdArray,
  axis: number,
  visit: (whole: number, picked: number) => void,
) {
  const strides = stridesOf(whole)
  const size = axisSize(whole, axis)
  forEachIndex(indices.shape, (index, flat) => {
    const from = at(indices, flat)
    if (from < 0 || from >= size)
      throw new ShapeError(`${op}: index ${from} is outside axis ${axis}, which has ${size} entries`)
    visit(offsetOf(index, strides) + (from - axisSize(index, axis)) * axisSize(strides, axis), flat)
  })
}

export const gatherElementsOperation: Operation<AxisAttributes> = defineOperation<AxisAttributes>({
  name: 'gatherElements',
  infer: ([x, indices], { axis }) => {
    if (indices !== undefined) requireIndices('gatherElements', x?.shape ?? [], indices, axis)
    return { dtype: x?.dtype ?? 'float32', shape: indices?.shape ?? [] }
  },
  reference: ([x, indices], { axis }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined || indices === undefined) return out
    forEachElement('gatherElements', x.shape, indices, axis, (whole, picked) => {
      out.data[picked] = at(x, whole)
    })
    return out
  },
  vjp: ({ inputs: [x, indices], cotangent, attributes: { axis } }) =>
    x === undefined || indices === undefined
      ? []
      : [scatterElementsAddOperation.apply([cotangent, indices], { axis, shape: x.shape }), undefined],
})

/** `(values, indices) -> ` zeros of a shape with the values added in: the transpose of gatherElements. */
export const scatterElementsAddOperation = defineOperation<AxisAttributes & { readonly shape: Shape }>({
  name: 'scatterElementsAdd',
  infer: ([values, indices], { axis, shape }) => {
    if (indices !== undefined) requireIndices('scatterElements', shape, indices, axis)
    return { dtype: values?.dtype ?? 'float32', shape }
  },
  reference: ([values, indices], { axis }, { shape }) => {
    const out = ndarray(shape)
    if (values === undefined || indices === undefined) return out
    forEachElement('scatterElements', shape, indices, axis, (whole, picked) => {
      out.data[whole] = at(out, whole) + at(values, picked)
    })
    return out
  },
  vjp: ({ inputs: [, indices], cotangent, attributes: { axis } }) =>
    indices === undefined ? [] : [gatherElements(cotangent, indices, axis), undefined],
})

/**
 * `y[i, j] = x[i, indices[i, j]]` (with `axis` 1, and so for any rank): PyTorch's `gather`.
 *
 * @param indices int32, as many axes as `x`, none larger beside `axis`; each from 0 to the axis's size - 1
 */
export const gatherElements = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  gatherElementsOperation.apply([x, indices], { axis: normalizeAxis('gatherElements', axis, x.shape.length) })

/**
 * `x` with `updates[i, j]` added at `[i, indices[i, j]]` (with `axis` 1): PyTorch's `scatter_add`. An index that comes
 * several times gets the sum.
 *
 * @param indices int32 of the shape of `updates`
 */
export function scatterElements(x: Tensor, indices: Tensor, updates: Tensor, axis = 0): Tensor {
  commonDtype('scatterElements', [x, updates], 'float32', 'int32')
  if (!sameShape(indices.shape, updates.shape))
    throw new ShapeError(
      `scatterElements: indices of shape ${formatShape(indices.shape)} and updates of ${formatShape(updates.shape)} must have one shape`,
    )
  const attributes = { axis: normalizeAxis('scatterElements', axis, x.shape.length), shape: x.shape }
  return add(x, scatterElementsAddOperation.apply([updates, indices], attributes))
}

export interface CumSumAttributes extends AxisAttributes {
  readonly exclusive: boolean
  readonly reverse: boolean
}

export const cumSumOperation: Operation<CumSumAttributes> = defineOperation<CumSumAttributes>({
  name: 'cumSum',
  infer: (inputs) => ({ dtype: commonDtype('cumSum', inputs, 'float32', 'int32'), shape: inputs[0]?.shape ?? [] }),
  reference: ([x], { axis, exclusive, reverse }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const size = axisSize(shape, axis)
    const stride = axisSize(stridesOf(shape), axis)
    for (let lane = 0; lane < sizeOf(shape) / size; lane++) {
      const start = Math.floor(lane / stride) * stride * size + (lane % stride)
      let total = 0
      for (let i = 0; i < size; i++) {
        const place = start + (reverse ? size - 1 - i : i) * stride
        out.data[place] = total + (exclusive ? 0 : at(x, place))
        total += at(x, place)
      }
    }
    return out
  },
  vjp: ({ cotangent, attributes }) => [
    cumSumOperation.apply([cotangent], { ...attributes, reverse: !attributes.reverse }),
  ],
})

/**
 * Sums that run along one axis (default the last). `exclusive`: without the element itself; `reverse`: from the far end
 * (both default false).
 */
export function cumSum(
  x: Tensor,
  {
    axis = -1,
    exclusive = false,
    reverse = false,
  }: { readonly axis?: number; readonly exclusive?: boolean; readonly reverse?: boolean } = {},
): Tensor {
  return cumSumOperation.apply([x], { axis: normalizeAxis('cumSum', axis, x.shape.length), exclusive, reverse })
}
