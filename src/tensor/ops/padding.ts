import { axisSize, formatShape, ShapeError } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { flip, tile } from './arranging.ts'
import { concat, pad as padConstant, slice } from './slicing.ts'

/**
 * What is put around a tensor: a `constant`; the entries behind the edge mirrored (`reflect`, the edge itself not
 * repeated); the `edge` again and again (PyTorch's `replicate`); or the far end (`circular`, also `wrap`).
 */
export type PadMode = 'constant' | 'reflect' | 'edge' | 'circular'

/** Counts before and after, one entry an axis; `mode` (default `constant`) and, for that mode alone, `value` (default 0). */
export interface PadOptions {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly mode?: PadMode
  readonly value?: number
}

const part = (x: Tensor, axis: number, start: number, end: number): Tensor =>
  slice(x, { axes: [axis], starts: [start], ends: [end] })

/** What stands before and after one axis. */
function sides(x: Tensor, axis: number, before: number, after: number, mode: Exclude<PadMode, 'constant'>) {
  const size = axisSize(x.shape, axis)
  const times = (count: number) => x.shape.map((_, i) => (i === axis ? count : 1))
  switch (mode) {
    case 'reflect':
      return {
        head: () => flip(part(x, axis, 1, 1 + before), [axis]),
        tail: () => flip(part(x, axis, size - 1 - after, size - 1), [axis]),
      }
    case 'edge':
      return {
        head: () => tile(part(x, axis, 0, 1), times(before)),
        tail: () => tile(part(x, axis, size - 1, size), times(after)),
      }
    case 'circular':
      return {
        head: () => part(x, axis, size - before, size),
        tail: () => part(x, axis, 0, after),
      }
  }
}

/**
 * `before` and `after` entries put around `x`, one count an axis, axis by axis.
 *
 * @throws ShapeError when counts do not fit, or there is less to mirror (size - 1) or wrap (size) than asked for
 */
export function pad(x: Tensor, { mode = 'constant', ...options }: PadOptions): Tensor {
  if (mode === 'constant') return padConstant(x, options)
  const { before, after, value } = options
  const counts = [before, after]
  if (counts.some((each) => each.length !== x.shape.length || each.some((n) => !Number.isInteger(n) || n < 0)))
    throw new ShapeError(
      `pad: [${before.join(', ')}] before and [${after.join(', ')}] after do not fit ${formatShape(x.shape)}; ` +
        'give one count of at least 0 for each axis',
    )
  if (value !== undefined) throw new ShapeError(`pad: mode '${mode}' takes no value`)
  return x.shape.reduce((result, size, axis) => {
    const [first, last] = [axisSize(before, axis), axisSize(after, axis)]
    const most = mode === 'edge' ? Infinity : mode === 'reflect' ? size - 1 : size
    if (size === 0 || Math.max(first, last) > most)
      throw new ShapeError(
        `pad: mode '${mode}' has at most ${most} entries to put around axis ${axis} of ${formatShape(x.shape)}, not ${Math.max(first, last)}`,
      )
    const around = sides(result, axis, first, last, mode)
    return concat([...(first > 0 ? [around.head()] : []), result, ...(last > 0 ? [around.tail()] : [])], axis)
  }, x)
}
