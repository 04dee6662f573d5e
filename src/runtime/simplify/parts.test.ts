import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { add, concat, mul, pad, placeholder, reduceSum, slice, split, type Tensor, tanh } from '../../tensor/index.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

describe('parts', () => {
  it('of what was padded, where they have no padding', () => {
    const padded = (x: Tensor) => pad(x, { before: [1, 2], after: [0, 1], value: 5 })
    const part = (start: number, end: number) => (x: Tensor) =>
      slice(padded(x), { axes: [1], starts: [start], ends: [end] })
    expect(simplified((x) => slice(padded(x), { starts: [1, 3], ends: [3, 5] }), [2, 3])).toEqual(['slice'])
    expect(simplified((x) => tanh(slice(padded(x), { starts: [1, 2], ends: [3, 5] })), [2, 3])).toEqual(['tanh'])
    expect(simplified(part(1, 4), [2, 3])).toEqual(['pad', 'slice'])
  })

  it('of what was joined, where they lie in one of its parts', () => {
    const joined = (start: number, end: number) => (x: Tensor, y: Tensor) =>
      tanh(slice(concat([x, y, x], 1), { axes: [1], starts: [start], ends: [end] }))
    expect(simplified(joined(3, 5), [2, 3], [2, 2])).toEqual(['tanh'])
    expect(simplified(joined(1, 3), [2, 3], [2, 2])).toEqual(['slice', 'tanh'])
    expect(simplified(joined(2, 4), [2, 3], [2, 2])).toEqual(['concat', 'slice', 'tanh'])
  })

  it('joined where they were cut', () => {
    const again = (x: Tensor) => concat(split(x, [1, 2, 1], 1), 1)
    expect(simplified((x) => tanh(again(x)), [2, 4])).toEqual(['tanh'])
    expect(simplified((x) => concat(split(x, [1, 2, 1], 1).slice(1), 1), [2, 4])).toEqual(['slice'])
    expect(simplified((x) => concat(split(x, [1, 2, 1], 1).toReversed(), 1), [2, 4]).at(-1)).toBe('concat')
    const other = (x: Tensor, y: Tensor) => concat([...split(x, 2, 1).slice(0, 1), ...split(y, 2, 1).slice(1)], 1)
    expect(simplified(other, [2, 4], [2, 4])).toEqual(['slice', 'slice', 'concat'])
  })
})

describe('sums of parts that zeros keep apart', () => {
  const between = (before: number, part: Tensor, after: number) => pad(part, { before: [before, 0], after: [after, 0] })

  it('are joined, whatever their order', () => {
    const three = (x: Tensor, y: Tensor, z: Tensor) => [between(0, x, 3), between(1, y, 1), between(3, z, 0)] as const
    const sums: ((...parts: Tensor[]) => Tensor)[] = [
      (x, y, z) => three(x, y, z).reduce((a, b) => add(a, b)),
      (x, y, z) =>
        three(x, y, z)
          .toReversed()
          .reduce((a, b) => add(a, b)),
      (x, y, z) => {
        const [first, second, third] = three(x, y, z)
        return add(add(third, first), second)
      },
    ]
    for (const sum of sums) expect(simplified(sum, [1, 2], [2, 2], [1, 2])).toEqual(['concat'])
  })

  it('are joined as far as they go', () => {
    const sum = (x: Tensor, y: Tensor, z: Tensor) => add(add(between(1, x, 2), z), between(2, y, 1))
    expect(simplified(sum, [1, 2], [1, 2], [4, 2])).toEqual(['concat', 'pad', 'add'])
  })

  it('are added where they overlap, leave a gap or are padded with more than zeros', () => {
    expect(simplified((x, y) => add(between(0, x, 1), between(1, y, 0)), [2, 2], [2, 2])).toEqual(['pad', 'pad', 'add'])
    expect(simplified((x, y) => add(between(0, x, 2), between(2, y, 0)), [1, 2], [1, 2])).toEqual(['pad', 'pad', 'add'])
    const ones = (x: Tensor, y: Tensor) =>
      add(pad(x, { before: [0], after: [2], value: 1 }), pad(y, { before: [2], after: [0] }))
    expect(simplified(ones, [2], [2])).toEqual(['pad', 'pad', 'add'])
  })

  it('are added where one of them broadcasts to the other', () => {
    const rows = (x: Tensor, y: Tensor) =>
      add(pad(x, { before: [0, 1], after: [0, 1] }), pad(y, { before: [1, 1], after: [0, 1] }))
    expect(simplified(rows, [1, 1], [1, 1])).toEqual(['pad', 'pad', 'add'])
    const ranks = (x: Tensor, y: Tensor) =>
      add(pad(x, { before: [0], after: [1] }), pad(y, { before: [2, 0], after: [0, 0] }))
    expect(simplified(ranks, [2], [1, 3])).toEqual(['pad', 'pad', 'add'])
  })

  it('are the gradient of what was cut', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [6, 2] })
    const [a = x, b = x, c = x] = split(x, 2)
    const slope = gradients(reduceSum(mul(tanh(a), mul(b, c))), x)
    const left = operationsOf(simplify([slope]))
    expect(left).not.toContain('pad')
    expect(left.at(-1)).toBe('concat')
  })
})
