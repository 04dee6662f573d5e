import { UsageError } from '../errors.ts'

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** Shapes that do not go together: the message names the op, the shapes that came in and what would fit. */
export class ShapeError extends UsageError {
  override readonly name = 'ShapeError'
}

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1)

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i])

/** Size of one axis; axes outside the rank count as 1, as broadcasting reads them. */
export const axisSize = (shape: Shape, axis: number): number => shape[axis] ?? 1

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = []
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides.unshift(stride)
    stride *= axisSize(shape, axis)
  }
  return strides
}

/** `-1` means the last axis; outside the rank is a {@link ShapeError}. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank)
    throw new ShapeError(
      `${op}: there is no axis ${axis} in ${rank === 0 ? 'a scalar' : `${rank} dimensions; give one from ${-rank} to ${rank - 1}`}`,
    )
  return normalized
}

/** Sorted, unique, non-negative axes; `undefined` means all. */
export function normalizeAxes(op: string, axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis)
  return [...new Set(axes.map((axis) => normalizeAxis(op, axis, rank)))].sort((a, b) => a - b)
}

/**
 * NumPy's broadcasting rule: shapes are aligned at the last axis, and an axis of size 1 stretches.
 *
 * @throws ShapeError naming the op, the shapes and the axis that differs
 */
export function broadcastShapes(op: string, ...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1
    for (const shape of shapes) {
      const own = axisSize(shape, axis - (rank - shape.length))
      if (own !== 1 && size !== 1 && own !== size)
        throw new ShapeError(
          `${op}: shapes ${shapes.map(formatShape).join(' and ')} do not broadcast: counted from the end, axis ${
            rank - axis
          } is ${size} in one and ${own} in another; sizes must be equal or 1`,
        )
      if (own !== 1) size = own
    }
    return size
  })
}

/** The shape after reducing `axes` (normalised). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  return shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]))
}
