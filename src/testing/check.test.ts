import { describe, expect, it } from 'vitest'
import { defineOperation, mul, ndarray, reduceSum, step, tensor } from '../tensor/index.ts'
import { expectAgreement, expectClose, expectSlopes, real } from './check.ts'
import { expectDigest } from './digest.ts'

const given = [real([3], [1, 2, 4])]

/** Its gradient is 1% too large: a check that lets this through checks nothing. */
const wrong = defineOperation<Record<string, never>>({
  name: 'wrongDouble',
  infer: ([x]) => x ?? { dtype: 'float32', shape: [] },
  reference: ([x], _, { shape }) =>
    ndarray(
      shape,
      x?.data.map((value) => 2 * value),
    ),
  vjp: ({ cotangent }) => [mul(cotangent, 2.02)],
})

const withoutGradient = defineOperation<Record<string, never>>({
  name: 'withoutGradient',
  infer: ([x]) => x ?? { dtype: 'float32', shape: [] },
  reference: ([x], _, { shape }) =>
    ndarray(
      shape,
      x?.data.map((value) => value + 1e-3),
    ),
})

describe('the checks can fail', () => {
  it('on a gradient that is 1% off', () => {
    expect(() => expectSlopes((x) => wrong.apply([x], {}), given)).toThrow(/but the slope is/)
    expect(() => expectSlopes((x) => mul(x, x), given)).not.toThrow()
  })

  it('on a missing gradient', () => {
    expect(() => expectSlopes((x) => mul(step(x), reduceSum(x)), given)).not.toThrow()
    expect(() => expectSlopes((x) => withoutGradient.apply([mul(x, 2)], {}), given)).toThrow(
      /withoutGradient has no gradient/,
    )
  })

  it('on a runtime that computes something else', async () => {
    const runtime = {
      name: 'off by one',
      prepare: async () => ({
        run: async () => [Float32Array.of(2, 3, 5)],
        dispose: async () => {},
      }),
    }
    await expect(expectAgreement((x) => mul(x, tensor(1)), given, { runtime })).rejects.toThrow(
      /output 0 \(mul\) of off by one: number 0 of \[3\] is 2 but should be 1/,
    )
  })

  it('on NaN, another shape or another number', () => {
    const right = ndarray([2], Float64Array.of(1, 2))
    expect(() => expectClose(ndarray([2], Float64Array.of(1, Number.NaN)), right, 1, 'x')).toThrow(/number 1/)
    expect(() => expectClose(ndarray([1, 2], right.data), right, 1, 'x')).toThrow()
    expect(() => expectClose(ndarray([2], Float64Array.of(1, 2.1)), right, 1e-2, 'x')).toThrow(/number 1/)
    expect(() => expectDigest(right, { shape: [2], values: [1, 2.1] }, 1e-3, 'x')).toThrow(/value 1/)
    const large = ndarray([100], new Float64Array(100).fill(1))
    const sums = { shape: [100], sum: 100, sumOfSquares: 100, samples: Array<number>(16).fill(1) }
    expectDigest(large, sums, 1e-9, 'x')
    expect(() => expectDigest(large, { ...sums, sum: 101 }, 1e-3, 'x')).toThrow(/sum is 100/)
    expect(() => expectDigest(large, { ...sums, sumOfSquares: 101 }, 1e-3, 'x')).toThrow(/squares/)
    expect(() => expectDigest(large, { ...sums, samples: Array(16).fill(1.1) }, 1e-3, 'x')).toThrow(/sample 0/)
  })
})
