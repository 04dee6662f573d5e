import type { DType } from '../dtype.ts'
import { at, forEachIndex, ndarray, reduceAxes } from '../ndarray.ts'
import { axisSize, normalizeAxes, normalizeAxis, reducedShape, type Shape, sizeOf } from '../shape.ts'
import { defineOperation, type Operation, type Tensor } from '../tensor.ts'
import { div, mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { equal } from './comparison.ts'
import { commonDtype } from './operands.ts'
import { expand, reshape } from './shaping.ts'

/** `axes` are sorted, unique and not negative. */
export interface ReductionAttributes {
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

/** `axes`: which to reduce (default all); `keepDims`: leave them with size 1 (default false). */
export interface ReductionOptions {
  readonly axes?: readonly number[]
  readonly keepDims?: boolean
}

const keptShape = (shape: Shape, axes: readonly number[]): number[] => reducedShape(shape, axes, true)

/** The cotangent of a reduction, spread back over the input's shape. */
const spread = (cotangent: Tensor, x: Tensor, axes: readonly number[]): Tensor =>
  expand(reshape(cotangent, keptShape(x.shape, axes)), x.shape)

function reduction(
  name: string,
  reference: (values: { sum: number; max: number; min: number; count: number }) => number,
  gradient: (x: Tensor, output: Tensor, cotangent: Tensor, axes: readonly number[]) => Tensor,
  ...dtypes: readonly DType[]
): Operation<ReductionAttributes> {
  return defineOperation<ReductionAttributes>({
    name,
    infer: (inputs, { axes, keepDims }) => ({
      dtype: commonDtype(name, inputs, ...dtypes),
      shape: reducedShape(inputs[0]?.shape ?? [], axes, keepDims),
    }),
    reference: ([x], { axes }, { shape }) => {
      if (x === undefined) return ndarray(shape)
      const sum = reduceAxes(x, axes, shape, 0, (total, value) => total + value)
      const max = reduceAxes(x, axes, shape, -Infinity, Math.max)
      const min = reduceAxes(x, axes, shape, Infinity, Math.min)
      const count = sizeOf(x.shape) / Math.max(1, sizeOf(shape))
      return ndarray(
        shape,
        sum.data.map((total, i) => reference({ sum: total, max: at(max, i), min: at(min, i), count })),
      )
    },
    vjp: ({ inputs: [x], output, cotangent, attributes: { axes } }) => [
      x === undefined ? undefined : gradient(x, output, cotangent, axes),
    ],
  })
}

const operand =
  (operation: Operation<ReductionAttributes>) =>
  (x: Tensor, { axes, keepDims = false }: ReductionOptions = {}): Tensor => {
    const normalized = normalizeAxes(operation.name, axes, x.shape.length)
    if (normalized.length > 0) return operation.apply([x], { axes: normalized, keepDims })
    return x
  }

export const reduceSumOperation = reduction(
  'reduceSum',
  ({ sum }) => sum,
  (x, _, cotangent, axes) => spread(cotangent, x, axes),
  'float32',
  'int32',
)

export const reduceMeanOperation = reduction(
  'reduceMean',
  ({ sum, count }) => sum / count,
  (x, output, cotangent, axes) => spread(div(cotangent, sizeOf(x.shape) / Math.max(1, sizeOf(output.shape))), x, axes),
  'float32',
)

/** Ties share the cotangent evenly, as PyTorch's `amax` and `amin` do. */
function toExtremes(x: Tensor, output: Tensor, cotangent: Tensor, axes: readonly number[]): Tensor {
  const ties = cast(equal(x, reshape(output, keptShape(x.shape, axes))), 'float32')
  const count = reduceSum(ties, { axes, keepDims: true })
  return mul(ties, div(reshape(cotangent, keptShape(x.shape, axes)), count))
}

const ordered = ['float32', 'int32', 'uint8'] as const
export const reduceMaxOperation = reduction('reduceMax', ({ max }) => max, toExtremes, ...ordered)
export const reduceMinOperation = reduction('reduceMin', ({ min }) => min, toExtremes, ...ordered)

/** Sum over axes. */
export const reduceSum = operand(reduceSumOperation)
/** Mean over axes. */
export const reduceMean = operand(reduceMeanOperation)
/** Largest value over axes. */
export const reduceMax = operand(reduceMaxOperation)
/** Smallest value over axes. */
export const reduceMin = operand(reduceMinOperation)

export const argMaxOperation = defineOperation<{ readonly axis: number }>({
  name: 'argMax',
  infer: (inputs, { axis }) => {
    commonDtype('argMax', inputs, 'float32', 'int32', 'uint8')
    return { dtype: 'int32', shape: reducedShape(inputs[0]?.shape ?? [], [axis], false) }
  },
  reference: ([x], { axis }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const best = new Float64Array(sizeOf(shape)).fill(-Infinity)
    const inner = sizeOf(x.shape.slice(axis + 1))
    forEachIndex(x.shape, (index, flat) => {
      const target = Math.floor(flat / (inner * axisSize(x.shape, axis))) * inner + (flat % inner)
      if (at(x, flat) > (best[target] ?? 0)) {
        best[target] = at(x, flat)
        out.data[target] = axisSize(index, axis)
      }
    })
    return out
  },
})

/** Index of the largest value along one axis, the first of equals (int32). */
export const argMax = (x: Tensor, axis = -1): Tensor =>
  argMaxOperation.apply([x], { axis: normalizeAxis('argMax', axis, x.shape.length) })
