import { at, forEachIndex, type NdArray, ndarray, offsetOf, reduceAxes } from '../ndarray.ts'
import { normalizeAxis, reducedShape, type Shape, stridesOf } from '../shape.ts'
import { defineOperation, type Pullback, type Tensor } from '../tensor.ts'
import { mul, sub } from './arithmetic.ts'
import { requireDtype } from './operands.ts'
import { reduceSum } from './reduction.ts'
import { exp } from './unary.ts'

interface AxisAttributes {
  readonly axis: number
}

function row(
  name: string,
  finish: (shifted: number, logSum: number) => number,
  vjp: (pullback: Pullback<AxisAttributes>) => Tensor,
) {
  return defineOperation<AxisAttributes>({
    name,
    infer: ([x]) => {
      const type = x ?? { dtype: 'float32', shape: [] }
      requireDtype(name, 'the input', type, 'float32')
      return { dtype: 'float32', shape: type.shape }
    },
    reference: ([x], { axis }, { shape }) => (x === undefined ? ndarray(shape) : normalize(x, axis, shape, finish)),
    vjp: (pullback) => [vjp(pullback)],
  })
}

/** Subtracts the maximum before exponentials, so that large logits do not overflow. */
function normalize(
  x: NdArray,
  axis: number,
  shape: Shape,
  finish: (shifted: number, logSum: number) => number,
): NdArray {
  const kept = reducedShape(shape, [axis], true)
  const strides = stridesOf(kept).map((stride, i) => (i === axis ? 0 : stride))
  const max = reduceAxes(x, [axis], kept, -Infinity, Math.max)
  const shifted = ndarray(shape)
  forEachIndex(shape, (index, flat) => {
    shifted.data[flat] = at(x, flat) - at(max, offsetOf(index, strides))
  })
  const sum = reduceAxes({ shape, data: shifted.data.map(Math.exp) }, [axis], kept, 0, (a, b) => a + b)
  const out = ndarray(shape)
  forEachIndex(shape, (index, flat) => {
    out.data[flat] = finish(at(shifted, flat), Math.log(at(sum, offsetOf(index, strides))))
  })
  return out
}

export const softmaxOperation = row(
  'softmax',
  (shifted, logSum) => Math.exp(shifted - logSum),
  ({ output, cotangent, attributes: { axis } }) => {
    const weighted = mul(cotangent, output)
    return sub(weighted, mul(output, reduceSum(weighted, { axes: [axis], keepDims: true })))
  },
)

export const logSoftmaxOperation = row(
  'logSoftmax',
  (shifted, logSum) => shifted - logSum,
  ({ output, cotangent, attributes: { axis } }) =>
    sub(cotangent, mul(exp(output), reduceSum(cotangent, { axes: [axis], keepDims: true }))),
)

/** Exponentials normalised to sum 1 along one axis (default the last). */
export const softmax = (x: Tensor, axis = -1): Tensor =>
  softmaxOperation.apply([x], { axis: normalizeAxis('softmax', axis, x.shape.length) })

/** Logarithm of {@link softmax}, without its loss of precision. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor =>
  logSoftmaxOperation.apply([x], { axis: normalizeAxis('logSoftmax', axis, x.shape.length) })
