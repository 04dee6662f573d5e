import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { broadcastable, holdsFor, reals, realsOf } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, gradientOf, real, whole } from '../../testing/check.ts'
import type { Tensor } from '../tensor.ts'
import { add, div, maximum, minimum, mul, pow, reduceSum, sub, tensor } from './index.ts'

const binary = { add, sub, mul, maximum, minimum }
const pairs = broadcastable(2).chain((shapes) => realsOf(...shapes))

describe('binary arithmetic', () => {
  it.each(Object.entries(binary))('%s: values and gradients under any broadcasting', (_, op) =>
    holdsFor(pairs, (given) => expectSound(op, given)),
  )

  it('div: values and gradients, away from division by zero', () =>
    holdsFor(
      broadcastable(2).chain(([a = [], b = []]) => fc.tuple(reals(a), reals(b, { positive: true }))),
      (given) => expectSound(div, given),
    ))

  it('pow: values and gradients of base and exponent', () =>
    holdsFor(
      broadcastable(2).chain(([a = [], b = []]) => fc.tuple(reals(a, { positive: true }), reals(b))),
      (given) => expectSound(pow, given),
    ))

  it('pow: a constant exponent is fine with negative bases', async () => {
    const given = [real([4], [-2, -0.5, 0.5, 2])]
    for (const exponent of [2, 3, -1]) await expectSound((x) => pow(x, exponent), given)
    expect(evaluate((x) => pow(x, 3), given)[0]?.data).toEqual(Float64Array.of(-8, -0.125, 0.125, 8))
  })

  it('takes numbers on either side', async () => {
    await expectSound(
      (x) => [add(x, 2), sub(2, x), mul(3, x), div(1, x), maximum(x, 0.3), minimum(0.3, x)],
      [real([3], [0.5, -1, 2])],
    )
  })

  it('shares the gradient of a tie between the two sides, as PyTorch does', () => {
    for (const op of [maximum, minimum]) {
      const [a, b] = evaluate(gradientOf(op), [real([1], [2]), real([1], [2])])
      expect(a?.data[0]).toBeCloseTo(0.5 * Math.sin(2.5), 7)
      expect(b?.data[0]).toBeCloseTo(0.5 * Math.sin(2.5), 7)
    }
  })

  it('is exact for whole numbers', async () => {
    const given = [whole([2, 2], [7, -3, 0, 5]), whole([2], [2, -2])]
    await expectSound((a, b) => [add(a, b), sub(a, b), mul(a, b), maximum(a, b), minimum(a, b)], given)
  })
})

describe('what does not fit', () => {
  it.each(Object.entries({ ...binary, div, pow }))('%s names the shapes and the axis', (name, op) => {
    const call = () => op(tensor([[1, 2, 3]]), tensor([[1, 2]]))
    expect(call).toThrow(/(add|sub|mul|div|pow|max|min): shapes \[1, 3\] and \[1, 2\] do not broadcast/)
    expect(call).toThrow(name.slice(0, 3))
    expect(call).toThrow('sizes must be equal or 1')
  })
})

it('pow has finite gradients at 0, as PyTorch has: of x⁰, of x¹ twice, of x² three times', () => {
  const power = (n: number) => (x: Tensor) => reduceSum(pow(x, n))
  const x = [real([1], [0])]
  const once = evaluate((t) => gradients(power(0)(t), t), x)
  const twice = evaluate((t) => gradients(reduceSum(gradients(power(1)(t), t)), t), x)
  const second = (t: Tensor): Tensor => gradients(reduceSum(gradients(power(2)(t), t)), t)
  const thrice = evaluate((t) => [second(t), gradients(reduceSum(second(t)), t)], x)
  expect([once, twice, thrice].map((found) => found.map(({ data }) => data[0]))).toEqual([[0], [0], [2, 0]])
})
