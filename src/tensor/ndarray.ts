import { axisSize, type Shape, sizeOf, stridesOf } from './shape.ts'

/** A concrete array of the float64 reference: row-major, every dtype held as doubles (`bool` as 0 and 1). */
export interface NdArray {
  readonly shape: Shape
  readonly data: Float64Array
}

export const ndarray = (shape: Shape, data: Float64Array = new Float64Array(sizeOf(shape))): NdArray => ({
  shape,
  data,
})

/** Element by flat index. Outside the array it is 0, which is what padding means to every op here. */
export const at = (array: NdArray, index: number): number => array.data[index] ?? 0

/** Calls `visit(index, flat)` for every multi-index of `shape`, row-major. `index` is reused between calls. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], flat: number) => void): void {
  const index = shape.map(() => 0)
  const size = sizeOf(shape)
  for (let flat = 0; flat < size; flat++) {
    visit(index, flat)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = axisSize(index, axis) + 1
      if (next < axisSize(shape, axis)) {
        index[axis] = next
        break
      }
      index[axis] = 0
    }
  }
}

/** Strides with which `shape` is read when broadcast to `target`: 0 along stretched axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape)
  const lead = target.length - shape.length
  return target.map((_, axis) =>
    axis < lead || axisSize(shape, axis - lead) === 1 ? 0 : axisSize(strides, axis - lead),
  )
}

/** Sum of index × stride. */
export function offsetOf(index: readonly number[], strides: readonly number[]): number {
  let offset = 0
  for (let axis = 0; axis < index.length; axis++) offset += axisSize(index, axis) * (strides[axis] ?? 0)
  return offset
}

/** Applies `fn` element by element over inputs broadcast to `shape`. */
export function mapBroadcast(shape: Shape, inputs: readonly NdArray[], fn: (...values: number[]) => number): NdArray {
  const out = ndarray(shape)
  const strides = inputs.map((input) => broadcastStrides(input.shape, shape))
  forEachIndex(shape, (index, flat) => {
    out.data[flat] = fn(...inputs.map((input, i) => at(input, offsetOf(index, strides[i] ?? []))))
  })
  return out
}

/** Folds `input` over `axes` into `shape` (its keep-dims form with the same number of elements). */
export function reduceAxes(
  input: NdArray,
  axes: readonly number[],
  shape: Shape,
  initial: number,
  fold: (accumulator: number, value: number) => number,
): NdArray {
  const out = ndarray(shape)
  out.data.fill(initial)
  const kept = input.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const strides = broadcastStrides(kept, input.shape)
  forEachIndex(input.shape, (index, flat) => {
    const target = offsetOf(index, strides)
    out.data[target] = fold(out.data[target] ?? initial, at(input, flat))
  })
  return out
}
