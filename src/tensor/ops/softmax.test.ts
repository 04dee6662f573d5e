import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, shapes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, real, whole } from '../../testing/check.ts'
import { logSoftmax, placeholder, softmax } from './index.ts'

describe.each([
  ['softmax', softmax],
  ['logSoftmax', logSoftmax],
] as const)('%s', (name, op) => {
  it('values and gradients along any axis', () =>
    holdsFor(
      shapes({ minRank: 1 }).chain((shape) =>
        fc.tuple(reals(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })),
      ),
      ([x, axis]) => expectSound((t) => op(t, axis), [x]),
      15,
    ))

  it('does not overflow with logits far apart or far out', async () => {
    const far = [real([3, 3], [1000, 0, -1000, 5000, 5001, 5000, -80, 80, 0])]
    await expectAgreement((x) => op(x), far)
    const [values] = evaluate((x) => op(x), far)
    expect(values?.data.every((value) => !Number.isNaN(value))).toBe(true)
    expect(values?.data[0]).toBe(name === 'softmax' ? 1 : 0)
  })

  it('names the axis and the dtype that do not fit', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
    expect(() => op(x, 2)).toThrow(`${name}: there is no axis 2 in 2 dimensions; give one from -2 to 1`)
    expect(() => evaluate((t) => op(t), [whole([2], [1, 2])])).toThrow(
      `${name}: the input is int32 but must be float32`,
    )
  })
})

it('softmax sums to 1, and logSoftmax is its logarithm', () =>
  holdsFor(
    fc.tuple(fc.integer({ min: 1, max: 8 })).chain(([n]) => reals([n])),
    (x) => {
      const [p, log] = evaluate((t) => [softmax(t), logSoftmax(t)], [x])
      expect(p?.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
      for (const [i, value] of (p?.data ?? []).entries())
        expect(Math.log(value)).toBeCloseTo(log?.data[i] ?? Number.NaN, 12)
    },
  ))
