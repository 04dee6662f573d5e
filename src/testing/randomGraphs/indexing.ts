import * as ops from '../../tensor/index.ts'
import type { Steps } from './elementwise.ts'

export const indexing: Steps = {
  gather: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    return ops.gather(x, s.indices(s.one([2], [3], [2, 2], []), x.shape[axis] ?? 1), axis)
  },
  embedding: (s) => {
    const entries = s.number(2, 4)
    return ops.embedding(s.fresh([entries, s.number(1, 3)]), s.indices(s.one([3], [2, 2]), entries))
  },
  scatterAdd: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const shape = x.shape.map((size, i) => (i === axis ? s.number(1, 3) : size))
    return ops.scatterAdd(x, s.indices([x.shape[axis] ?? 1], shape[axis] ?? 1), shape, axis)
  },
  gatherElements: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const shape = x.shape.map((size, i) => (i === axis ? s.number(1, 3) : s.number(1, size)))
    return ops.gatherElements(x, s.indices(shape, x.shape[axis] ?? 1), axis)
  },
  scatterElements: (s) => {
    const x = s.notScalar()
    const axis = s.axis(x)
    const shape = x.shape.map((size, i) => (i === axis ? s.number(1, 3) : s.number(1, size)))
    return ops.scatterElements(x, s.indices(shape, x.shape[axis] ?? 1), s.fresh(shape), axis)
  },
  oneHot: (s) => {
    const x = s.apart(s.notScalar())
    const axis = s.axis(x)
    const labels = s.one(ops.argMax, ops.argMin)(x, axis)
    const codes = ops.oneHot(labels, x.shape[axis] ?? 1)
    return ops.mul(codes, s.partner(codes))
  },
  cumSum: (s) => {
    const x = s.notScalar()
    return ops.cumSum(ops.tanh(x), { axis: s.axis(x), exclusive: s.coin(), reverse: s.coin() })
  },
  topK: (s) => {
    const x = s.apart(s.notScalar())
    const axis = s.axis(x)
    const { values, indices } = ops.topK(x, s.number(1, x.shape[axis] ?? 1), { axis, largest: s.coin() })
    return s.coin() ? values : ops.mul(values, ops.cast(indices, 'float32'))
  },
  sort: (s) => {
    const x = s.apart(s.notScalar())
    const options = { axis: s.axis(x), descending: s.coin() }
    return s.coin() ? ops.sort(x, options) : ops.add(x, ops.cast(ops.argSort(x, options), 'float32'))
  },
}
