import { expect, it } from 'vitest'
import { add, div, mul, ones, placeholder, relu, sub, type Tensor, tensor } from '../../../tensor/index.ts'
import { evaluate, expectAgreement, real } from '../../../testing/check.ts'
import { graphOf } from '../../graph.ts'
import { decodeModel } from '../proto.ts'
import { writeOnnx } from '../write.ts'

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

it('leaves no constant in the file that no node takes', () => {
  const x = placeholder('x', { dtype: 'float32', shape: [3] })
  const { node, initializer } = decodeModel(writeOnnx(graphOf([x], [div(1, x)]), { target: 'standard' })).graph
  expect(node.map(({ opType }) => opType)).toEqual(['Reciprocal'])
  expect(initializer).toEqual([])
})

it('writes a number with as many axes as a column has', async () => {
  const column = real([2, 3, 1], [1, 2, 3, 4, 5, 6])
  const fn = (x: Tensor) => sub(2, mul(add(x, tensor([0.5])), 3))
  await expectAgreement(fn, [column])
  const x = placeholder('x', column.type)
  const { initializer } = decodeModel(writeOnnx(graphOf([x], [fn(x)]), { target: 'standard' })).graph
  expect(initializer.map(({ dims }) => dims)).toEqual([
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ])
})
