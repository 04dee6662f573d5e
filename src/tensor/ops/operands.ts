import { allocate, type DType } from '../dtype.ts'
import { ShapeError, sameShape } from '../shape.ts'
import { Tensor, type TensorType } from '../tensor.ts'
import { constant } from './constant.ts'
import { reduceSum } from './reduction.ts'
import { reshape } from './shaping.ts'

/** A tensor, or a number standing for a scalar constant. */
export type Operand = Tensor | number

/** A scalar constant of the given dtype, or the tensor as it is. */
export function asTensor(value: Operand, dtype: DType = 'float32'): Tensor {
  if (value instanceof Tensor) return value
  const data = allocate(dtype, 1).fill(value)
  if (dtype !== 'float32' && data[0] !== value)
    throw new ShapeError(
      `the number ${value} is not one of ${dtype}; cast the tensor beside it with cast(x, 'float32')`,
    )
  return constant(data, [], dtype)
}

/** Two operands, where a plain number takes the other's dtype. */
export function asTensors(a: Operand, b: Operand): [Tensor, Tensor] {
  const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : 'float32'
  return [asTensor(a, dtype), asTensor(b, dtype)]
}

/** All inputs must be of one dtype, which is returned; with `allowed`, of one of these. */
export function commonDtype(op: string, inputs: readonly TensorType[], ...allowed: readonly DType[]): DType {
  const [first, ...rest] = inputs
  if (first === undefined) throw new ShapeError(`${op}: needs at least one tensor`)
  for (const other of rest)
    if (other.dtype !== first.dtype)
      throw new ShapeError(`${op}: mixes ${first.dtype} and ${other.dtype}; cast one of them with cast(x, dtype)`)
  if (allowed.length > 0) requireDtype(op, 'the input', first, ...allowed)
  return first.dtype
}

export function requireDtype(op: string, what: string, type: TensorType, ...allowed: readonly DType[]): void {
  if (!allowed.includes(type.dtype))
    throw new ShapeError(`${op}: ${what} is ${type.dtype} but must be ${allowed.join(' or ')}; use cast(x, dtype)`)
}

/** Sums a cotangent over the axes along which its input was broadcast: the transpose of broadcasting. */
export function unbroadcast(cotangent: Tensor, target: TensorType): Tensor {
  if (sameShape(cotangent.shape, target.shape)) return cotangent
  const lead = cotangent.shape.length - target.shape.length
  const axes = cotangent.shape.flatMap((size, axis) =>
    axis < lead || (target.shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  )
  return reshape(reduceSum(cotangent, { axes }), target.shape)
}
