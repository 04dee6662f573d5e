import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, shapes, wholes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real } from '../../testing/check.ts'
import { argMax, placeholder, reduceMax, reduceMean, reduceSum, tensor } from './index.ts'

const reductions = { reduceSum, reduceMean, reduceMax }
const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

describe('reductions', () => {
  it.each(Object.entries(reductions))('%s: values and gradients over any axes', (_, op) =>
    holdsFor(
      shapes({ maxRank: 4, largest: 3 }).chain((shape) =>
        fc.tuple(reals(shape), fc.option(fc.subarray([...shape.keys()]), { nil: undefined }), fc.boolean()),
      ),
      ([x, axes, keepDims]) => expectSound((t) => op(t, { keepDims, ...(axes && { axes }) }), [x]),
      20,
    ),
  )

  it('negative and repeated axes', () => {
    expect(reduceSum(of(2, 3, 4), { axes: [-1, 2, 0] }).shape).toEqual([3])
    expect(reduceMean(of(2, 3, 4), { axes: [1], keepDims: true }).shape).toEqual([2, 1, 4])
    expect(reduceMax(of(2, 3)).shape).toEqual([])
    const x = of(2, 3)
    expect(reduceSum(x, { axes: [] })).toBe(x)
  })

  it('reduceMax shares the gradient between ties, as PyTorch’s amax does', async () => {
    const given = [real([2, 3], [1, 3, 3, 2, 2, 2])]
    const gradient = gradientOf((x) => reduceMax(x, { axes: [1] }))
    const [shared] = evaluate(gradient, given)
    const [first, second] = [Math.fround(Math.sin(2.5)), Math.fround(Math.sin(2.5 + 0.713))]
    expect(Array.from(shared?.data ?? [])).toEqual([0, first / 2, first / 2, second / 3, second / 3, second / 3])
    await expectAgreement(gradient, given)
  })

  it('whole numbers stay exact', () =>
    holdsFor(
      shapes().chain((shape) => wholes(shape, -9, 9)),
      (x) => expectAgreement((t) => [reduceSum(t), reduceMax(t)], [x]),
    ))
})

describe('argMax', () => {
  it('values along any axis, the first of equals', () =>
    holdsFor(
      shapes({ minRank: 1 }).chain((shape) =>
        fc.tuple(wholes(shape, -2, 2), fc.integer({ min: -shape.length, max: shape.length - 1 })),
      ),
      async ([x, axis]) => {
        await expectAgreement((t) => argMax(t, axis), [x])
        await expectAgreement((t) => argMax(t, axis), [real(x.type.shape, x.data)])
      },
      20,
    ))

  it('says which', () => {
    const [last] = evaluate((x) => argMax(x), [real([3, 3], [1, 5, 5, -3, -2, -1, 7, 0, 7])])
    expect(Array.from(last?.data ?? [])).toEqual([1, 2, 0])
    expect(argMax(of(2, 3), 0).dtype).toBe('int32')
  })
})

describe('what does not fit', () => {
  it.each(Object.entries(reductions))('%s names the axis', (name, op) => {
    expect(() => op(of(2, 3), { axes: [2] })).toThrow(
      `${name}: there is no axis 2 in 2 dimensions; give one from -2 to 1`,
    )
  })

  it('argMax names the axis', () => {
    expect(() => argMax(of(2), -2)).toThrow('argMax: there is no axis -2 in 1 dimensions; give one from -1 to 0')
    expect(() => argMax(tensor(1))).toThrow('argMax: there is no axis -1 in a scalar')
  })
})
