/** Element types. The reference interpreter computes everything in float64; `bool` is stored as one byte, 0 or 1. */
export type DType = 'float32' | 'int32' | 'uint8' | 'uint32' | 'bool'

export type TypedArray = Float32Array | Int32Array | Uint8Array | Uint32Array

/** Zeros of a dtype. Example: `allocate('int32', 3)` is `Int32Array [0, 0, 0]`. */
export function allocate(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'uint32':
      return new Uint32Array(length)
    case 'uint8':
    case 'bool':
      return new Uint8Array(length)
  }
}

export function isTypedArray(value: unknown): value is TypedArray {
  return (
    value instanceof Float32Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array ||
    value instanceof Uint32Array
  )
}

/** Whether the array is what {@link allocate} would make for this dtype. */
export function holds(dtype: DType, array: TypedArray): boolean {
  return allocate(dtype, 0).constructor === array.constructor
}
