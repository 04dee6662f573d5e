import { at, type NdArray, ndarray } from '../ndarray.ts'
import { formatShape, reducedShape, type Shape, ShapeError, sameShape, sizeOf } from '../shape.ts'
import { defineOperation, type Operation, type Tensor, type TensorType } from '../tensor.ts'
import { add, mul } from './arithmetic.ts'
import { matmul } from './matmul.ts'
import { channelAffine } from './normalization.ts'
import { commonDtype, requireDtype } from './operands.ts'
import { reduceMean, reduceSum } from './reduction.ts'
import { reshape } from './shaping.ts'
import { neg } from './unary.ts'

/** All axes from `axis` on are normalised together; `epsilon` is added to the variance. */
export interface LayerNormalizationAttributes {
  readonly axis: number
  readonly epsilon: number
}

/** Numbers that are normalised together, and how many such rows there are. */
const rowsOf = (shape: Shape, axis: number): readonly [rows: number, length: number] => [
  sizeOf(shape.slice(0, axis)),
  sizeOf(shape.slice(axis)),
]

/** Mean and one over the deviation of a row. */
function statistics({ data, shape }: NdArray, { axis, epsilon }: LayerNormalizationAttributes) {
  const [, length] = rowsOf(shape, axis)
  return (row: number) => {
    const values = data.subarray(row * length, (row + 1) * length)
    const mean = values.reduce((sum, value) => sum + value, 0) / length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length
    return { mean, inverse: 1 / Math.sqrt(variance + epsilon) }
  }
}

/** Axes from `axis` on, left with size 1. */
const keptShape = (shape: Shape, axis: number): number[] =>
  reducedShape(
    shape,
    shape.map((_, i) => i).filter((i) => i >= axis),
    true,
  )

function requireFloat(op: string, x: TensorType | undefined): Shape {
  if (x !== undefined) requireDtype(op, 'the input', x, 'float32')
  return x?.shape ?? []
}

/** `x` with every row a channel, `[1, rows, length]`, and its statistics as vectors, `[rows]`. */
function byRows(x: Tensor, attributes: LayerNormalizationAttributes) {
  const [rows, length] = rowsOf(x.shape, attributes.axis)
  const inverse = reshape(inverseDeviationOperation.apply([x], attributes), [rows])
  const mean = reduceMean(reshape(x, [rows, length]), { axes: [1] })
  const normal = channelAffine(reshape(x, [1, rows, length]), inverse, neg(mul(mean, inverse)))
  return { rows, length, inverse, normal }
}

/** `1 / √(variance + ε)` of each row, with the normalised axes left as 1: what `layerNormalization` finds on its way. */
export const inverseDeviationOperation: Operation<LayerNormalizationAttributes> =
  defineOperation<LayerNormalizationAttributes>({
    name: 'inverseDeviation',
    infer: ([x], { axis }) => ({ dtype: 'float32', shape: keptShape(requireFloat('inverseDeviation', x), axis) }),
    reference: ([x], attributes, { shape }) => {
      const out = ndarray(shape)
      if (x === undefined) return out
      const of = statistics(x, attributes)
      out.data.forEach((_, row) => {
        out.data[row] = of(row).inverse
      })
      return out
    },
    // d r / dx = -r² x̂ / n
    vjp: ({ inputs: [x], cotangent, attributes }) => {
      if (x === undefined) return []
      const { rows, length, inverse, normal } = byRows(x, attributes)
      const slope = mul(mul(reshape(cotangent, [rows]), mul(inverse, inverse)), -1 / length)
      return [reshape(mul(normal, reshape(slope, [rows, 1])), x.shape)]
    },
  })

export const layerNormalizationOperation: Operation<LayerNormalizationAttributes> =
  defineOperation<LayerNormalizationAttributes>({
    name: 'layerNormalization',
    infer: (inputs, { axis }) => {
      const [x, ...parameters] = inputs
      const shape = requireFloat('layerNormalization', x)
      for (const parameter of parameters)
        if (!sameShape(parameter.shape, shape.slice(axis)))
          throw new ShapeError(
            `layerNormalization: scale and bias must be ${formatShape(shape.slice(axis))}, the axes of ` +
              `${formatShape(shape)} from ${axis} on, and one has ${formatShape(parameter.shape)}`,
          )
      return { dtype: commonDtype('layerNormalization', inputs), shape }
    },
    reference: ([x, scale, bias], attributes, { shape }) => {
      const out = ndarray(shape)
      if (x === undefined) return out
      const [rows, length] = rowsOf(shape, attributes.axis)
      const of = statistics(x, attributes)
      for (let row = 0; row < rows; row++) {
        const { mean, inverse } = of(row)
        for (let i = 0; i < length; i++) {
          const normal = (at(x, row * length + i) - mean) * inverse
          out.data[row * length + i] = normal * (scale ? at(scale, i) : 1) + (bias ? at(bias, i) : 0)
        }
      }
      return out
    },
    // dx = r (γg - mean(γg) - x̂ mean(γg x̂)), gathered so that few passes over the whole tensor remain.
    vjp: ({ inputs: [x, scale, bias], cotangent, attributes }) => {
      if (x === undefined) return []
      const { rows, length, inverse, normal } = byRows(x, attributes)
      const given = reshape(cotangent, [1, rows, length])
      const moments = mul(given, normal)
      const parameterShape = x.shape.slice(attributes.axis)
      const total = (values: Tensor): Tensor => reshape(reduceSum(values, { axes: [0, 1] }), parameterShape)
      const mean = (values: Tensor): Tensor =>
        scale === undefined
          ? reshape(reduceMean(values, { axes: [2] }), [rows])
          : reshape(matmul(reshape(values, [rows, length]), reshape(mul(scale, 1 / length), [length, 1])), [rows])
      const scaled = scale === undefined ? given : mul(given, reshape(scale, [length]))
      const centred = add(scaled, channelAffine(normal, neg(mean(moments)), neg(mean(given))))
      return [
        reshape(mul(centred, reshape(inverse, [rows, 1])), x.shape),
        scale && total(moments),
        bias && total(given),
      ]
    },
  })
