import { at, forEachIndex, ndarray, offsetOf } from '../ndarray.ts'
import { axisSize, formatShape, normalizeAxes, normalizeAxis, ShapeError, sameShape, stridesOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { expand, reshape } from './shaping.ts'
import { concat, slice } from './slicing.ts'

export const flipOperation = defineOperation<{ readonly axes: readonly number[] }>({
  name: 'flip',
  infer: ([x]) => ({ dtype: x?.dtype ?? 'float32', shape: x?.shape ?? [] }),
  reference: ([x], { axes }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined) return out
    const strides = stridesOf(shape)
    const last = axes.reduce((sum, axis) => sum + (axisSize(shape, axis) - 1) * axisSize(strides, axis), 0)
    const turned = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride))
    forEachIndex(shape, (index, flat) => {
      out.data[flat] = at(x, last + offsetOf(index, turned))
    })
    return out
  },
  vjp: ({ cotangent, attributes: { axes } }) => [flip(cotangent, axes)],
})

/** Axes (default all) turned end to end. */
export function flip(x: Tensor, axes?: readonly number[]): Tensor {
  const turned = normalizeAxes('flip', axes, x.shape.length).filter((axis) => axisSize(x.shape, axis) > 1)
  return turned.length === 0 ? x : flipOperation.apply([x], { axes: turned })
}

/** `x` without axes of size 1: those given, each of which must be one, or all of them (default). */
export function squeeze(x: Tensor, axes?: readonly number[]): Tensor {
  const dropped = axes === undefined ? undefined : normalizeAxes('squeeze', axes, x.shape.length)
  for (const axis of dropped ?? [])
    if (x.shape[axis] !== 1)
      throw new ShapeError(
        `squeeze: axis ${axis} of ${formatShape(x.shape)} has ${x.shape[axis]} entries; only axes of 1 can go`,
      )
  return reshape(
    x,
    x.shape.filter((size, axis) => (dropped === undefined ? size !== 1 : !dropped.includes(axis))),
  )
}

/** `x` with an axis of size 1 put in so that it is `axis` of the result (`-1`: the last one). */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const place = normalizeAxis('unsqueeze', axis, x.shape.length + 1)
  return reshape(x, [...x.shape.slice(0, place), 1, ...x.shape.slice(place)])
}

/** Tensors of one shape, side by side along a new axis (default 0). */
export function stack(inputs: readonly Tensor[], axis = 0): Tensor {
  const [first] = inputs
  if (first === undefined) throw new ShapeError('stack: needs at least one tensor')
  for (const { shape } of inputs)
    if (!sameShape(shape, first.shape))
      throw new ShapeError(
        `stack: ${formatShape(first.shape)} and ${formatShape(shape)} differ; all shapes must be equal`,
      )
  const place = normalizeAxis('stack', axis, first.shape.length + 1)
  return concat(
    inputs.map((input) => unsqueeze(input, place)),
    place,
  )
}

/**
 * One axis (default 0) cut into parts.
 *
 * @param sizes of the parts, which add up to the axis; or one size, that of all parts but perhaps a smaller last one
 */
export function split(x: Tensor, sizes: number | readonly number[], axis = 0): Tensor[] {
  const place = normalizeAxis('split', axis, x.shape.length)
  const length = axisSize(x.shape, place)
  const parts =
    typeof sizes === 'number' && Number.isInteger(sizes) && sizes > 0
      ? Array.from({ length: Math.ceil(length / sizes) }, (_, i) => Math.min(sizes, length - i * sizes))
      : [sizes].flat()
  if (parts.some((size) => !Number.isInteger(size) || size < 1) || parts.reduce((a, b) => a + b, 0) !== length)
    throw new ShapeError(
      `split: parts of ${parts.join(', ')} do not make up axis ${place} of ${formatShape(x.shape)}; give whole numbers of at ` +
        `least 1 that add up to ${length}`,
    )
  let start = 0
  return parts.map((size) => {
    const part = slice(x, { axes: [place], starts: [start], ends: [start + size] })
    start += size
    return part
  })
}

const requireCount = (op: string, count: number): void => {
  if (!Number.isInteger(count) || count < 1)
    throw new ShapeError(`${op}: ${count} times is not possible; give a whole number of at least 1`)
}

/** The whole of `x` several times along each axis, end to end: `[a, b]` twice is `[a, b, a, b]`. */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  if (repeats.length !== x.shape.length)
    throw new ShapeError(`tile: [${repeats.join(', ')}] must have one number for each axis of ${formatShape(x.shape)}`)
  for (const count of repeats) requireCount('tile', count)
  const apart = reshape(
    x,
    x.shape.flatMap((size) => [1, size]),
  )
  const spread = expand(
    apart,
    x.shape.flatMap((size, axis) => [axisSize(repeats, axis), size]),
  )
  return reshape(
    spread,
    x.shape.map((size, axis) => size * axisSize(repeats, axis)),
  )
}

/** Each entry of one axis (default the last) several times in a row: `[a, b]` twice is `[a, a, b, b]`. */
export function repeat(x: Tensor, count: number, axis = -1): Tensor {
  requireCount('repeat', count)
  const place = normalizeAxis('repeat', axis, x.shape.length)
  const [before, size, after] = [x.shape.slice(0, place), axisSize(x.shape, place), x.shape.slice(place + 1)]
  const spread = expand(reshape(x, [...before, size, 1, ...after]), [...before, size, count, ...after])
  return reshape(spread, [...before, size * count, ...after])
}
