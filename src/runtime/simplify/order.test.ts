import { expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { add, mul, neg, placeholder, reduceSum, relu, type Tensor, tanh } from '../../tensor/index.ts'
import { operationsOf } from '../../testing/simplified.ts'
import { graphOf } from '../graph.ts'
import { planOf } from '../plan.ts'
import { simplify } from './index.ts'

const x = placeholder('x', { dtype: 'float32', shape: [1000] })

it('keeps what no rule touched where it was, between what they did', () => {
  const first = mul(mul(x, 2), 3)
  const bent = tanh(x)
  const second = add(mul(mul(bent, 2), 3), 0)
  const last = relu(x)
  expect(operationsOf([first, second, last])).toEqual(['mul', 'mul', 'tanh', 'mul', 'mul', 'add', 'relu'])
  expect(operationsOf(simplify([first, second, last]))).toEqual(['mul', 'tanh', 'mul', 'relu'])
})

it('keeps a value that was computed twice where it was needed first', () => {
  const early = tanh(mul(mul(x, 2), 3))
  const use = relu(early)
  const late = tanh(mul(x, 6))
  const outputs = simplify([use, add(late, 1)])
  expect(operationsOf(outputs)).toEqual(['mul', 'tanh', 'relu', 'add'])
})

it('so that no more values are alive at once than before', () => {
  // Gradients that are rewritten, with masks that are not.
  const deep = Array.from({ length: 30 }).reduce<Tensor>((y) => relu(neg(mul(y, y))), x)
  const outputs = [gradients(reduceSum(deep), x)]
  const peak = (of: readonly Tensor[]) => planOf(graphOf([x], of), ['x']).totals.peakBytes
  expect(peak(simplify(outputs))).toBeLessThanOrEqual(peak(outputs))
})
