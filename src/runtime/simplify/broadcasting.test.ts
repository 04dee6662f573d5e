import { describe, expect, it } from 'vitest'
import {
  add,
  constant,
  div,
  expand,
  full,
  greater,
  matmul,
  mul,
  placeholder,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  tanh,
  where,
} from '../../tensor/index.ts'
import { simplified } from '../../testing/simplified.ts'
import { graphOf } from '../graph.ts'
import { interpret } from '../reference/interpreter.ts'
import { simplify } from './index.ts'

describe('expands', () => {
  it('are left to ops that broadcast', () => {
    expect(simplified((x, y) => mul(x, expand(y, [2, 3])), [2, 3], [3])).toEqual(['mul'])
    expect(simplified((x, y) => where(greater(expand(x, [2, 3]), 0), y, 1), [3], [2, 3])).toEqual(['greater', 'where'])
  })

  it('come after what works on fewer numbers without them', () => {
    expect(simplified((x) => tanh(expand(x, [4, 3])), [3])).toEqual(['tanh', 'expand'])
    expect(simplified((x, y) => add(expand(x, [2, 2, 3]), expand(y, [2, 2, 3])), [3], [2, 3])).toEqual([
      'add',
      'expand',
    ])
  })

  it('stay in front of what does not broadcast', () => {
    expect(simplified((x, y) => matmul(expand(x, [2, 3]), y), [1, 3], [3, 2])).toEqual(['expand', 'matMul'])
  })
})

describe('constants full of one number', () => {
  it('are that number, so that rules about numbers apply', () => {
    expect(simplified((x) => mul(mul(x, full([2, 3], 2)), full([3], 3)), [2, 3])).toEqual(['mul'])
    expect(simplified((x) => reduceSum(mul(x, full([2, 3], 2))), [2, 3])).toEqual(['reduceSum', 'mul'])
  })

  it('are no one number where 0 and -0 stand side by side: a quotient by them is not', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    const zeros = constant(Float32Array.of(0, -0), [2], 'float32')
    const given = [{ shape: [2], data: Float64Array.of(1, 1) }]
    const [quotient] = interpret(graphOf([x], simplify([div(x, zeros)])), given)
    expect([...(quotient?.data ?? [])]).toEqual([Infinity, -Infinity])
  })

  it('stay where they stretch what they are combined with', () => {
    expect(simplified((x) => mul(x, full([2, 3], 2)), [3])).toEqual(['mul'])
    expect(simplified((x) => mul(mul(x, full([2, 3], 2)), 3), [3])).toEqual(['mul', 'mul'])
  })
})

describe('reductions', () => {
  it('over axes of size 1 are reshapes', () => {
    for (const op of [reduceSum, reduceMean, reduceMax])
      expect(simplified((x) => op(x, { axes: [1] }), [2, 1, 3])).toEqual(['reshape'])
  })

  it('over stretched axes are products, or nothing', () => {
    const wide = [2, 3, 4]
    const sum = simplified((x) => tanh(reduceSum(expand(x, wide), { axes: [0] })), [3, 1])
    expect(sum).toEqual(['mul', 'tanh', 'expand'])
    expect(simplified((x) => reduceMean(expand(x, wide), { axes: [0, 2], keepDims: true }), [3, 4]).toSorted()).toEqual(
      ['reduceMean', 'reshape'],
    )
    expect(simplified((x) => reduceMax(expand(x, wide), { axes: [1] }), [2, 1, 4])).toEqual(['reshape'])
  })

  it('in a row are one', () => {
    const sums = simplified((x) => reduceSum(reduceSum(x, { axes: [2] }), { axes: [0] }), [2, 3, 4])
    expect(sums).toEqual(['reduceSum', 'reshape'])
    const means = simplified((x) => tanh(reduceMean(reduceMean(x, { axes: [0], keepDims: true }))), [2, 3])
    expect(means).toEqual(['reduceMean', 'reshape', 'tanh'])
    expect(simplified((x) => reduceSum(reduceMean(x, { axes: [0] })), [2, 3])).toEqual(['reduceMean', 'reduceSum'])
  })

  it('of what something else needs too stay', () => {
    const fn = simplified(
      (x) => {
        const rows = reduceSum(x, { axes: [1] })
        return [rows, reduceSum(rows)]
      },
      [2, 3],
    )
    expect(fn).toEqual(['reduceSum', 'reduceSum'])
  })
})

it('the gradient of a mean of squares is two products', () => {
  expect(simplified((x) => reduceMean(mul(reshape(x, [6]), 2)), [2, 3])).toEqual(['reshape', 'reduceMean', 'mul'])
})
