import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcastable, holdsFor, reals, shapes } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, real } from '../../testing/check.ts'
import { broadcastShapes, sizeOf } from '../shape.ts'
import { expand, placeholder, reshape, swapLastAxes, tensor, transpose } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

describe('reshape', () => {
  it('values and gradients', () =>
    holdsFor(
      shapes({ maxRank: 4, largest: 3 }).chain((shape) =>
        fc.tuple(reals(shape), fc.shuffledSubarray(shape, { minLength: shape.length })),
      ),
      ([x, other]) => expectSound((t) => [reshape(t, other), reshape(t, [-1])], [x]),
    ))

  it('works out one size and keeps what fits already', () => {
    const x = of(2, 3, 4)
    expect(reshape(x, [4, -1]).shape).toEqual([4, 6])
    expect(reshape(x, [2, 3, 4])).toBe(x)
  })

  it.each([[[5]], [[-1, -1]], [[7, -1]], [[-2, -3]], [[1.5, 4]]])('[2, 3] cannot become %j', (shape) => {
    expect(() => reshape(of(2, 3), shape)).toThrow(
      `reshape: [2, 3] has 6 elements and cannot become [${shape.join(', ')}]; the product of the sizes must be 6`,
    )
  })
})

describe('transpose', () => {
  it('values and gradients in any order of axes', () =>
    holdsFor(
      shapes({ maxRank: 4, largest: 3 }).chain((shape) =>
        fc.tuple(reals(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
      ),
      ([x, perm]) => expectSound((t) => [transpose(t, perm), transpose(t)], [x]),
    ))

  it('moves elements where NumPy does', () => {
    const x = [real([2, 3], [1, 2, 3, 4, 5, 6])]
    expect(Array.from(evaluate((t) => transpose(t), x)[0]?.data ?? [])).toEqual([1, 4, 2, 5, 3, 6])
    expect(transpose(of(2, 3, 4), [2, 0, 1]).shape).toEqual([4, 2, 3])
    expect(transpose(of(2, 3, 4), [-1, 0, 1]).shape).toEqual([4, 2, 3])
    expect(swapLastAxes(of(2, 3, 4)).shape).toEqual([2, 4, 3])
  })

  it('names the order that is none', () => {
    expect(() => transpose(of(2, 3), [0, 0])).toThrow('transpose: [0, 0] is not an order of the 2 axes of [2, 3]')
    expect(() => transpose(of(2, 3), [0])).toThrow('transpose: [0] is not an order of the 2 axes of [2, 3]')
    expect(() => transpose(of(2, 3), [0, 2])).toThrow(
      'transpose: there is no axis 2 in 2 dimensions; give one from -2 to 1',
    )
    expect(() => swapLastAxes(of(3))).toThrow('of [3]')
  })
})

describe('expand', () => {
  it('values and gradients', () =>
    holdsFor(
      broadcastable(2).chain(([a = [], b = []]) => fc.tuple(reals(a), fc.constant(broadcastShapes('test', a, b)))),
      ([x, shape]) => expectSound((t) => expand(t, shape), [x]),
    ))

  it('repeats', () => {
    const x = [real([2, 1], [1, 2])]
    const [wide] = evaluate((t) => expand(t, [2, 2, 3]), x)
    expect(Array.from(wide?.data ?? [])).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
    expect(sizeOf(wide?.shape ?? [])).toBe(12)
  })

  it('names what cannot stretch', () => {
    expect(() => expand(tensor([1, 2]), [3])).toThrow('expand: shapes [2] and [3] do not broadcast')
    expect(() => expand(of(2, 3), [3])).toThrow('expand: [2, 3] cannot become [3]; only axes of size 1 stretch')
    expect(() => expand(of(2, 3), [2, 1])).toThrow('expand: [2, 3] cannot become [2, 1]; only axes of size 1 stretch')
  })
})
