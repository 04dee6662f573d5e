import { allocate } from '../dtype.ts'
import { at, forEachIndex, ndarray, offsetOf } from '../ndarray.ts'
import { axisSize, formatShape, normalizeAxis, ShapeError, stridesOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { commonDtype } from './operands.ts'
import { reshape } from './shaping.ts'

export const concatOperation = defineOperation<{ readonly axis: number }>({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const first = inputs[0]?.shape ?? []
    for (const { shape } of inputs)
      if (shape.length !== first.length || shape.some((size, i) => i !== axis && size !== first[i]))
        throw new ShapeError(
          `concat: ${formatShape(first)} and ${formatShape(shape)} differ outside axis ${axis}; all other sizes must be equal`,
        )
    const total = inputs.reduce((sum, { shape }) => sum + axisSize(shape, axis), 0)
    return { dtype: commonDtype('concat', inputs), shape: first.map((size, i) => (i === axis ? total : size)) }
  },
  reference: (inputs, { axis }, { shape }) => {
    const out = ndarray(shape)
    const strides = stridesOf(shape)
    let start = 0
    for (const input of inputs) {
      forEachIndex(input.shape, (index, flat) => {
        out.data[offsetOf(index, strides) + start * axisSize(strides, axis)] = at(input, flat)
      })
      start += axisSize(input.shape, axis)
    }
    return out
  },
  vjp: ({ inputs, cotangent, attributes: { axis } }) => {
    let start = 0
    return inputs.map((input) => {
      const end = start + axisSize(input.shape, axis)
      const part = slice(cotangent, { axes: [axis], starts: [start], ends: [end] })
      start = end
      return part
    })
  },
})

/** Tensors end to end along one axis (default 0). */
export function concat(inputs: readonly Tensor[], axis = 0): Tensor {
  const [first] = inputs
  if (first === undefined) throw new ShapeError('concat: needs at least one tensor')
  return inputs.length === 1
    ? first
    : concatOperation.apply(inputs, { axis: normalizeAxis('concat', axis, first.shape.length) })
}

/** One entry an axis of the tensor. */
export interface SliceAttributes {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly steps: readonly number[]
}

export const sliceOperation = defineOperation<SliceAttributes>({
  name: 'slice',
  infer: ([x], { starts, ends, steps }) => ({
    dtype: x?.dtype ?? 'float32',
    shape: starts.map((start, axis) => Math.max(0, Math.ceil((axisSize(ends, axis) - start) / axisSize(steps, axis)))),
  }),
  reference: ([x], { starts, steps }, { shape }) => {
    const out = ndarray(shape)
    const strides = stridesOf(x?.shape ?? [])
    const first = offsetOf(starts, strides)
    const stepped = strides.map((stride, axis) => stride * axisSize(steps, axis))
    forEachIndex(shape, (index, flat) => {
      out.data[flat] = x === undefined ? 0 : at(x, first + offsetOf(index, stepped))
    })
    return out
  },
  vjp: ({ inputs: [x], cotangent, attributes: { starts, steps } }) => {
    if (x === undefined) return []
    const spaced = dilate(cotangent, steps)
    const after = x.shape.map((size, axis) => size - axisSize(starts, axis) - axisSize(spaced.shape, axis))
    return [pad(spaced, { before: starts, after })]
  },
})

/**
 * A box of `x`: for each of `axes` (default the first ones) from `starts` to `ends` (not included) by `steps` (default 1,
 * positive). Negative starts and ends count from the end; ends past the axis are cut to it.
 */
export function slice(
  x: Tensor,
  options: {
    readonly starts: readonly number[]
    readonly ends: readonly number[]
    readonly axes?: readonly number[]
    readonly steps?: readonly number[]
  },
): Tensor {
  const rank = x.shape.length
  const axes = (options.axes ?? options.starts.map((_, i) => i)).map((axis) => normalizeAxis('slice', axis, rank))
  const starts = x.shape.map(() => 0)
  const ends = [...x.shape]
  const steps = x.shape.map(() => 1)
  for (const [i, axis] of axes.entries()) {
    const size = axisSize(x.shape, axis)
    const bound = (value: number) => Math.min(size, Math.max(0, value < 0 ? value + size : value))
    starts[axis] = bound(options.starts[i] ?? 0)
    ends[axis] = bound(options.ends[i] ?? size)
    steps[axis] = options.steps?.[i] ?? 1
    const step = axisSize(steps, axis)
    if (!Number.isInteger(step) || step < 1)
      throw new ShapeError(`slice: step ${step} of axis ${axis} must be a whole number of at least 1`)
    if (axisSize(ends, axis) <= axisSize(starts, axis))
      throw new ShapeError(
        `slice: nothing is left of axis ${axis} (size ${size}) between ${options.starts[i]} and ${options.ends[i]}`,
      )
  }
  const whole = x.shape.every((size, axis) => starts[axis] === 0 && ends[axis] === size && steps[axis] === 1)
  return whole ? x : sliceOperation.apply([x], { starts, ends, steps })
}

/** Puts `steps - 1` zeros between neighbours of every axis. */
function dilate(x: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((result, step, axis) => {
    if (step === 1) return result
    const size = axisSize(result.shape, axis)
    const before = result.shape.slice(0, axis)
    const after = result.shape.slice(axis + 1)
    const column = reshape(result, [...before, size, 1, ...after])
    const zerosAfter = column.shape.map((_, i) => (i === axis + 1 ? step - 1 : 0))
    const padded = pad(column, { before: column.shape.map(() => 0), after: zerosAfter })
    const flat = reshape(padded, [...before, size * step, ...after])
    return slice(flat, { axes: [axis], starts: [0], ends: [(size - 1) * step + 1] })
  }, x)
}

export interface PadAttributes {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly value: number
}

export const padOperation = defineOperation<PadAttributes>({
  name: 'pad',
  infer: ([x], { before, after }) => ({
    dtype: x?.dtype ?? 'float32',
    shape: (x?.shape ?? []).map((size, axis) => size + axisSize(before, axis) + axisSize(after, axis)),
  }),
  reference: ([x], { before, value }, { shape }) => {
    const out = ndarray(shape)
    out.data.fill(value)
    if (x === undefined) return out
    const strides = stridesOf(shape)
    const first = offsetOf(before, strides)
    forEachIndex(x.shape, (index, flat) => {
      out.data[first + offsetOf(index, strides)] = at(x, flat)
    })
    return out
  },
  vjp: ({ inputs: [x], cotangent, attributes: { before } }) =>
    x === undefined
      ? []
      : [slice(cotangent, { starts: before, ends: before.map((start, axis) => start + axisSize(x.shape, axis)) })],
})

/** `before` and `after` elements of `value` (default 0) put around `x`, one entry an axis. */
export function pad(
  x: Tensor,
  options: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value?: number },
): Tensor {
  const { before, after, value = 0 } = options
  const counts = [before, after]
  if (counts.some((each) => each.length !== x.shape.length || each.some((n) => !Number.isInteger(n) || n < 0)))
    throw new ShapeError(
      `pad: [${before.join(', ')}] before and [${after.join(', ')}] after do not fit ${formatShape(x.shape)}; ` +
        'give one count of at least 0 for each axis',
    )
  if (x.dtype !== 'float32' && allocate(x.dtype, 1).fill(value)[0] !== value)
    throw new ShapeError(`pad: ${value} is not one of ${x.dtype}; pad with another value, or cast(x, 'float32') first`)
  return counts.flat().every((n) => n === 0) ? x : padOperation.apply([x], { before, after, value })
}
