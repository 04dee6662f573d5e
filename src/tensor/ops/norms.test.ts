import { describe, expect, it } from 'vitest'
import { holdsFor, reals, shapes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real } from '../../testing/check.ts'
import type { Tensor } from '../tensor.ts'
import { logSumExp, norm, placeholder, type ReductionOptions, reduceMin, reduceProd } from './index.ts'

const reductions: Record<string, (x: Tensor, options?: ReductionOptions) => Tensor> = {
  logSumExp,
  reduceMin,
  'norm 1': (x, options) => norm(x, { ...options, p: 1 }),
  'norm 2': norm,
  'norm Infinity': (x, options) => norm(x, { ...options, p: Number.POSITIVE_INFINITY }),
  reduceProd,
}

describe('over axes', () => {
  it.each(Object.entries(reductions))('%s: values and gradients', (_, op) =>
    holdsFor(
      shapes({ minRank: 2, largest: 3 }).chain((shape) => reals(shape)),
      (x) =>
        expectSound((t) => [op(t), op(t, { axes: [-1] }), op(t, { axes: [0, 1], keepDims: true })], [x], {
          tolerance: 3e-5,
        }),
      6,
    ),
  )

  it('logSumExp neither overflows nor underflows, native too', async () => {
    const far = [
      real(
        [4, 2],
        [1000, 1000, -1000, -1001, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 3],
      ),
    ]
    await expectAgreement((x) => logSumExp(x, { axes: [1] }), far)
    const [found] = evaluate((x) => logSumExp(x, { axes: [1] }), far)
    const tail = Math.log1p(Math.exp(-1))
    expect(Array.from(found?.data ?? [])).toEqual([
      1000 + Math.log(2),
      -1000 + tail,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
  })

  it('the gradient of a 2-norm at 0 is 0', () => {
    const [gradient] = evaluate(
      gradientOf((x) => norm(x)),
      [real([3], [0, 0, 0])],
    )
    expect(Array.from(gradient?.data ?? [])).toEqual([0, 0, 0])
  })

  it('the gradient of a product with one 0 is the product of the others', () => {
    const [gradient] = evaluate(
      gradientOf((x) => reduceProd(x)),
      [real([5], [2, 3, 0, 5, 7])],
    )
    const weight = Math.fround(Math.sin(2.5))
    expect(Array.from(gradient?.data ?? [])).toEqual([0, 0, 210 * weight, 0, 0])
  })

  it('names what p can be', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    expect(() => norm(x, { p: 3 })).toThrow('norm: p is 3; it can be 1, 2 or Infinity')
    expect(() => logSumExp(x, { axes: [1] })).toThrow('logSumExp: there is no axis 1')
  })
})
