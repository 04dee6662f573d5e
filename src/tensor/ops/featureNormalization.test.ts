import { describe, expect, it } from 'vitest'
import { holdsFor, realsOf } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, real } from '../../testing/check.ts'
import { groupNorm, instanceNorm, layerNorm, placeholder } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const epsilon = 0.1
const tolerance = 3e-5

describe('values and gradients', () => {
  it('layerNorm', () =>
    holdsFor(
      realsOf([2, 3, 4], [4], [4], [3, 4]),
      ([x, weight, bias, wide]) =>
        expectSound(
          (t, w, b, v) => [
            layerNorm(t, { weight: w, bias: b, epsilon }),
            layerNorm(t, { weight: v, epsilon }),
            layerNorm(t, { axes: 3, epsilon }),
          ],
          [x, weight, bias, wide].flatMap((one) => one ?? []),
          { tolerance },
        ),
      6,
    ))

  it('groupNorm and instanceNorm', () =>
    holdsFor(
      realsOf([2, 4, 2, 3], [4], [4]),
      (given) =>
        expectSound(
          (x, weight, bias) => [groupNorm(x, 2, { weight, bias, epsilon }), instanceNorm(x, { weight, epsilon })],
          given,
          { tolerance },
        ),
      6,
    ))

  it('large means do not spoil float32', () =>
    expectAgreement((x) => layerNorm(x), [real([2, 4], [1000, 1001, 1002, 1003, -500, -499, -501, -498])]))

  it('mean 0 and variance 1, with numbers in place of maps too', () => {
    const [y] = evaluate((x) => groupNorm(x, 1, { epsilon: 0 }), [real([1, 2], [3, 7])])
    expect(Array.from(y?.data ?? [])).toEqual([-1, 1])
  })
})

it('names what does not fit', () => {
  expect(() => layerNorm(of(2, 3), { axes: 3 })).toThrow(
    'layerNorm: 3 last axes of [2, 3]; give a whole number from 1 to 2',
  )
  expect(() => layerNorm(of(2, 3), { weight: of(2) })).toThrow('layerNorm: the weight has shape [2] but must be [3]')
  expect(() => groupNorm(of(2, 3, 4), 2)).toThrow(
    'groupNorm: 3 channels do not go into 2 groups; the number must divide 3',
  )
  expect(() => groupNorm(of(3), 2)).toThrow('groupNorm: the input has shape [3] but must be [batch, channels, ...]')
  expect(() => groupNorm(of(2, 4), 2, { bias: of(2) })).toThrow('groupNorm: the bias has shape [2] but must be [4]')
  expect(() => instanceNorm(of(2, 4, 1, 1))).toThrow('instanceNorm: one number a channel in [2, 4, 1, 1]')
})
