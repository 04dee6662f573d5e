import { describe, expect, it } from 'vitest'
import { add, div, mul, neg, reduceMean, reduceSum, type Tensor, tanh } from '../../tensor/index.ts'
import { simplified } from '../../testing/simplified.ts'

describe('numbers in a row', () => {
  const cases: Readonly<Record<string, readonly [(x: Tensor) => Tensor, readonly string[]]>> = {
    'x · 2 · 3': [(x) => mul(mul(x, 2), 3), ['mul']],
    '4 · (x · 0.5)': [(x) => mul(4, mul(x, 0.5)), ['mul']],
    'x / 3 / 2': [(x) => div(div(x, 3), 2), ['div']],
    'x · 6 / 3': [(x) => div(mul(x, 6), 3), ['mul']],
    'x / 3 · 6': [(x) => mul(div(x, 3), 6), ['mul']],
    '-x / 2': [(x) => div(neg(x), 2), ['mul']],
    'x · 2 / 2': [(x) => tanh(div(mul(x, 2), 2)), ['tanh']],
    'a long chain': [(x) => [2, 3, 0.5, -1, 7].reduce((y, c) => mul(y, c), x), ['mul']],
  }
  it.each(Object.entries(cases))('%s', (_, [fn, left]) => {
    expect(simplified(fn, [2, 3])).toEqual(left)
  })

  it('stay apart where their product could become 0 or infinite otherwise than they do', () => {
    expect(simplified((x) => mul(mul(x, 1e30), 1e-30), [2])).toEqual(['mul', 'mul'])
    expect(simplified((x) => mul(mul(x, 1e10), 1e10), [2])).toEqual(['mul', 'mul'])
  })

  it('sums stay apart: (x + 1e8) - 1e8 rounds', () => {
    expect(simplified((x) => add(add(x, 1e8), -1e8), [2])).toEqual(['add', 'add'])
  })
})

describe('one over x', () => {
  it('times y is y / x', () => {
    expect(simplified((x, y) => mul(y, div(1, add(mul(x, x), 1))), [3], [3])).toEqual(['mul', 'add', 'div'])
  })

  it('stays where it is needed twice, or saves divisions', () => {
    const twice = simplified((x, y) => [mul(div(1, x), y), div(1, x)], [3], [3])
    expect(twice.toSorted()).toEqual(['div', 'mul'])
    expect(simplified((x, y) => mul(div(1, x), y), [1], [3])).toEqual(['div', 'mul'])
  })
})

describe('a number in a product', () => {
  it('moves to its end, where it meets others', () => {
    expect(simplified((x, y) => mul(mul(mul(x, 2), mul(y, 3)), 0.5), [3], [3])).toEqual(['mul', 'mul'])
    expect(simplified((x, y) => mul(div(x, 2), y), [2, 3], [3])).toEqual(['mul', 'div'])
  })

  it('stays with the smaller tensor, and where it is needed too', () => {
    expect(simplified((x, y) => mul(mul(x, 2), tanh(y)), [3], [2, 3])).toEqual(['mul', 'tanh', 'mul'])
    expect(simplified((x, y) => [mul(mul(x, 2), y), mul(x, 2)], [3], [3])).toEqual(['mul', 'mul'])
  })
})

describe('a number under a sum', () => {
  it('comes out of it', () => {
    for (const sum of [reduceSum, reduceMean])
      expect(simplified((x) => tanh(sum(div(mul(x, 6), 4), { axes: [1] })), [2, 3])).toEqual([
        sum === reduceSum ? 'reduceSum' : 'reduceMean',
        'mul',
        'tanh',
      ])
  })

  it('stays where the product is needed too', () => {
    expect(simplified((x) => [reduceSum(mul(x, 2)), mul(x, 2)], [3])).toEqual(['mul', 'reduceSum'])
  })
})
