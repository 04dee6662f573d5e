import { type DType, holds, type TypedArray } from '../dtype.ts'
import { formatShape, type Shape, ShapeError, sizeOf } from '../shape.ts'
import { defineOperation, type Tensor, type TensorType } from '../tensor.ts'

/** A value known when the graph is built. */
export const constantOperation = defineOperation<{ readonly data: TypedArray; readonly type: TensorType }>({
  name: 'constant',
  infer: (_, { type }) => type,
  reference: (_, { data, type }) => ({ shape: type.shape, data: Float64Array.from(data) }),
})

/** A value that a program is given at each call. */
export const placeholderOperation = defineOperation<{ readonly name: string; readonly type: TensorType }>({
  name: 'placeholder',
  infer: (_, { type }) => type,
  reference: (_, { name }) => {
    throw new Error(`the input "${name}" has no value outside a program's call`)
  },
})

/**
 * A constant from a typed array.
 *
 * @param data one element a position, row-major
 * @throws ShapeError when the length is not the shape's
 */
export function constant(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  if (data.length !== sizeOf(shape))
    throw new ShapeError(
      `constant: ${data.length} numbers cannot have shape ${formatShape(shape)}; it takes ${sizeOf(shape)}`,
    )
  if (!holds(dtype, data)) throw new ShapeError(`constant: a ${data.constructor.name} does not hold ${dtype}`)
  return constantOperation.apply([], { data, type: { dtype, shape } })
}

/** A named input of a program. */
export const placeholder = (name: string, type: TensorType): Tensor =>
  placeholderOperation.apply([], { name, type: { dtype: type.dtype, shape: type.shape } })

type Nested = number | readonly Nested[]

/**
 * A float32 constant from a number or nested lists.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor(values: Nested): Tensor {
  const shape: number[] = []
  for (let level: Nested | undefined = values; Array.isArray(level); level = level[0]) shape.push(level.length)
  const flat: number[] = []
  const walk = (value: Nested, depth: number): void => {
    if (typeof value === 'number') {
      if (depth !== shape.length) throw new ShapeError('tensor: the nested lists are not of equal depth')
      flat.push(value)
      return
    }
    if (value.length !== shape[depth])
      throw new ShapeError(`tensor: a list of ${value.length} stands where others have ${shape[depth] ?? 'a number'}`)
    for (const child of value) walk(child, depth + 1)
  }
  walk(values, 0)
  return constant(Float32Array.from(flat), shape, 'float32')
}

/** A float32 constant filled with one value. */
export const full = (shape: Shape, value: number): Tensor =>
  constant(new Float32Array(sizeOf(shape)).fill(value), shape, 'float32')

export const zeros = (shape: Shape): Tensor => full(shape, 0)
export const ones = (shape: Shape): Tensor => full(shape, 1)
