import { describe, expect, it } from 'vitest'
import { holdsFor, reals, shapes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real, whole } from '../../testing/check.ts'
import * as ops from './index.ts'

const { abs, add, cos, erf, exp, leakyRelu, neg, relu, sigmoid, sign, sin, square, step, tanh } = ops
const everywhere = { abs, cos, erf, exp, leakyRelu, neg, relu, sigmoid, sign, sin, square, step, tanh }
const { ceil, elu, floor, gelu, log, reciprocal, round, silu, softplus, sqrt } = ops
const more = { elu, gelu, reciprocal, silu, softplus }
const wherePositive = { log, sqrt }

const valuesOf = (op: (x: ops.Operand & object) => ops.Operand & object, ...data: number[]) =>
  Array.from(evaluate(op, [real([data.length], data)])[0]?.data ?? [])

describe('element by element', () => {
  it.each(Object.entries({ ...everywhere, ...more }))('%s: values and gradients', (_, op) =>
    holdsFor(
      shapes().chain((shape) => reals(shape)),
      (x) => expectSound((t) => op(t), [x]),
    ),
  )

  it.each(Object.entries(wherePositive))('%s: values and gradients', (_, op) =>
    holdsFor(
      shapes().chain((shape) => reals(shape, { positive: true })),
      (x) => expectSound((t) => op(t), [x]),
    ),
  )

  it('leakyRelu takes its slope', () =>
    holdsFor(
      shapes().chain((shape) => reals(shape)),
      (x) => expectSound((t) => leakyRelu(t, 0.2), [x]),
      5,
    ))

  it('elu takes its scale, and has PyTorch’s slope at 0', async () => {
    const given = [real([4], [-2, -0.5, 0, 3])]
    await expectAgreement((x) => [elu(x, 0.3), ...[gradientOf((t) => elu(t, 0.3))(x)].flat()], given)
    expect(valuesOf((x) => elu(x, 0.3), -2)[0]).toBeCloseTo(0.3 * (Math.exp(-2) - 1), 12)
  })

  it('floor, ceil and round, halves to the even number, native too', async () => {
    const given = [real([9], [-2.5, -1.5, -0.5, -0.2, 0, 0.5, 1.5, 2.5, 2.7])]
    await expectAgreement((x) => [floor(x), ceil(x), add(round(x), 0)], given)
    expect(valuesOf((x) => add(round(x), 0), -2.5, -1.5, -0.5, -0.2, 0.5, 1.5, 2.5, 2.7)).toEqual([
      -2, -2, 0, 0, 0, 2, 2, 3,
    ])
  })

  it('stays finite, and equal to the reference, far out', async () => {
    const far = [real([8], [-200, -90, -30, -7, 7, 30, 80, 200])]
    await expectAgreement(
      (x) => [sigmoid(x), tanh(x), erf(x), relu(x), step(x), softplus(x), silu(x), gelu(x), elu(x)],
      far,
    )
    expect(valuesOf(sigmoid, -200, 200)).toEqual([1 / (1 + Math.exp(200)), 1])
  })
})

describe('the reference', () => {
  // Abramowitz and Stegun, table 7.1, and Python's math.erf.
  it.each([
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3.5, 0.9999992569016276],
    [5.9, 1],
    [7, 1],
    [0, 0],
  ])('erf(%d) is %d', (x, expected) => {
    expect(valuesOf(erf, x)[0]).toBeCloseTo(expected, 14)
  })

  it('has PyTorch’s subgradients at 0', async () => {
    const at0 = [real([1], [0])]
    for (const [op, slope] of [
      [relu, 0],
      [abs, 0],
      [leakyRelu, 0.01],
    ] as const) {
      expect(
        evaluate(
          gradientOf((x) => op(x)),
          at0,
        )[0]?.data[0],
      ).toBeCloseTo(slope * Math.sin(2.5), 8)
      await expectAgreement(
        gradientOf((x) => op(x)),
        at0,
      )
    }
  })

  it('step and sign at 0, at the smallest normal numbers and at infinity, native too', async () => {
    const given = [real([7], [0, -0, 1.2e-38, -1.2e-38, 1e-37, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]
    await expectAgreement((x) => [step(x), sign(x)], given)
    expect(Array.from(evaluate((x) => step(x), given)[0]?.data ?? [])).toEqual([0, 0, 1, 0, 1, 1, 0])
  })
})

describe('what does not fit', () => {
  const { neg: _, square: __, ...rows } = { ...everywhere, ...wherePositive }
  it.each(Object.entries(rows))('%s wants float32 and says how to get it', (name, op) => {
    expect(() => evaluate((x) => op(x), [whole([2], [1, 2])])).toThrow(
      `${name}: the input is int32 but must be float32; use cast(x, dtype)`,
    )
  })
})
