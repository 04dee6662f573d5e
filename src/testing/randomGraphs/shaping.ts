import type { Tensor } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import type { Steps } from './elementwise.ts'
import type { Sketch } from './sketch.ts'

/** Neighbouring axes merged, an axis split, all of them flattened, or one of size 1 added. */
function otherShape(s: Sketch, { shape }: Tensor): number[] {
  const axis = s.number(0, Math.max(0, shape.length - 1))
  const [size = 1, next] = [shape[axis], shape[axis + 1]]
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((divisor) => size % divisor === 0)
  const divisor = divisors[s.number(0, divisors.length - 1)] ?? 1
  return s.one(
    () => [...shape.slice(0, axis), divisor, size / divisor, ...shape.slice(axis + 1)],
    () => (next === undefined ? [ops.sizeOf(shape)] : [...shape.slice(0, axis), size * next, ...shape.slice(axis + 2)]),
    () => [ops.sizeOf(shape)],
    () => [1, ...shape],
  )()
}

function order(s: Sketch, rank: number): number[] {
  const left = Array.from({ length: rank }, (_, i) => i)
  return Array.from({ length: rank }, () => left.splice(s.number(0, left.length - 1), 1)[0] ?? 0)
}

const each = (x: Tensor, count: (size: number, axis: number) => number): number[] => x.shape.map(count)

export const shaping: Steps = {
  reshape: (s) => {
    const x = s.any()
    const once = ops.reshape(x, otherShape(s, x))
    return s.coin() ? ops.reshape(once, otherShape(s, once)) : once
  },
  transpose: (s) => {
    const x = s.any()
    const once = ops.transpose(x, order(s, x.shape.length))
    return s.coin() ? ops.transpose(once, order(s, x.shape.length)) : once
  },
  expand: (s) => {
    const x = s.ofRank(s.number(2, 4))
    const wide = ops.expand(x, [...(s.coin() ? [2] : []), ...each(x, (size) => (size === 1 ? s.number(1, 3) : size))])
    return s.one(
      () => wide,
      () => ops.mul(wide, s.fresh(wide.shape)),
      () => ops.tanh(wide),
      () => ops.reduceSum(wide, { axes: s.axes(wide), keepDims: s.coin() }),
    )()
  },
  slice: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const size = x.shape[axis] ?? 1
    const start = s.number(0, size - 1)
    return ops.slice(x, { axes: [axis], starts: [start], ends: [s.number(start + 1, size)], steps: [s.number(1, 2)] })
  },
  pad: (s) => {
    const x = s.notScalar()
    const count = () => each(x, () => s.number(0, 2))
    return ops.pad(x, { before: count(), after: count(), value: s.one(0, 1, -0.5) })
  },
  padByMode: (s) => {
    const x = s.notScalar()
    const mode = s.one('edge', 'circular', 'reflect')
    const count = () => each(x, (size) => s.number(0, Math.min(2, mode === 'reflect' ? size - 1 : size)))
    return ops.pad(x, { before: count(), after: count(), mode })
  },
  concat: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const more = s.fresh(each(x, (size, i) => (i === axis ? s.number(1, 2) : size)))
    return ops.concat(s.one([x, more], [more, x], [x, x], [x, more, ops.neg(x)]), axis)
  },
  stack: (s) => {
    const x = s.any()
    return ops.stack([x, ops.sin(x)], s.number(0, x.shape.length))
  },
  split: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const parts = ops.split(x, s.number(1, 2), axis)
    return ops.concat(parts.toReversed(), axis)
  },
  flip: (s) => {
    const x = s.notScalar()
    return ops.flip(x, s.axes(x))
  },
  tile: (s) => {
    const x = s.notScalar()
    return s.coin()
      ? ops.tile(
          x,
          each(x, () => s.number(1, 2)),
        )
      : ops.repeat(x, 2, s.axis(x))
  },
  squeeze: (s) => (s.coin() ? ops.squeeze(s.any()) : ops.unsqueeze(s.any(), 0)),
}
