import { expect, it } from 'vitest'
import { div, mul, ones, relu, type Tensor, tensor } from '../../../tensor/index.ts'
import { evaluate, expectAgreement, real } from '../../../testing/check.ts'

it('one over x, times what was multiplied by 1', async () => {
  const x = real([3], [0.5, -2, 4])
  for (const one of [tensor(1), ones([1])]) {
    const fn = (t: Tensor) => mul(mul(relu(t), 1), div(one, t))
    await expectAgreement(fn, [x])
    expect(evaluate(fn, [x])[0]?.data.map(Math.abs)).toEqual(Float64Array.of(1, 0, 1))
  }
  // Not the divisor's shape.
  for (const one of [ones([1, 1]), ones([2, 1])]) await expectAgreement((t) => div(one, t), [x])
})
