import { describe, expect, it } from 'vitest'
import { gradients, topologicalOrder, vmap } from '../../autodiff/index.ts'
import {
  add,
  gemm,
  matmul,
  mul,
  placeholder,
  reduceMax,
  reduceSum,
  relu,
  softmax,
  swapLastAxes,
  type Tensor,
  tanh,
  transpose,
} from '../../tensor/index.ts'
import { simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

describe('swaps of the last two axes', () => {
  const cases: Readonly<
    Record<string, readonly [fn: (x: Tensor, y: Tensor) => Tensor, left: readonly string[], ...shapes: number[][]]>
  > = {
    'meet behind an op of one input': [(x) => swapLastAxes(tanh(swapLastAxes(x))), ['tanh'], [2, 3, 4]],
    'meet behind an op of two': [
      (x, y) => swapLastAxes(mul(swapLastAxes(x), swapLastAxes(y))),
      ['mul'],
      [2, 3, 4],
      [2, 3, 4],
    ],
    'pass a row that is added': [(x, y) => swapLastAxes(add(swapLastAxes(x), y)), ['reshape', 'add'], [2, 3, 4], [3]],
    'pass a column and a number': [
      (x, y) => swapLastAxes(mul(add(swapLastAxes(x), y), 2)),
      ['reshape', 'add', 'mul'],
      [2, 3, 4],
      [2, 4, 1],
    ],
    'stay before what is as large and not swapped': [
      (x, y) => add(swapLastAxes(x), y),
      ['transpose', 'add'],
      [2, 3, 4],
      [2, 4, 3],
    ],
    'are gone behind a sum of one of them': [
      (x) => reduceSum(swapLastAxes(x), { axes: [1] }),
      ['reduceSum'],
      [2, 3, 4],
    ],
    'pass the largest of another axis': [
      (x) => swapLastAxes(reduceMax(swapLastAxes(x), { axes: [0] })),
      ['reduceMax'],
      [2, 3, 4],
    ],
    'pass a sum that keeps its axis': [
      (x) => relu(reduceSum(swapLastAxes(x), { axes: [2], keepDims: true })),
      ['reduceSum', 'relu', 'reshape'],
      [2, 3, 4],
    ],
    'stay before a softmax': [(x) => softmax(swapLastAxes(x)), ['transpose', 'softmax'], [2, 3]],
    'are no other transposes': [(x) => tanh(transpose(x, [1, 0, 2])), ['transpose', 'tanh'], [2, 3, 4]],
    'reach a product': [
      (x, y) => matmul(y, relu(swapLastAxes(x))),
      ['relu', 'transpose', 'matMul'],
      [2, 3, 4],
      [2, 5, 4],
    ],
  }
  it.each(Object.entries(cases))('%s', (_, [fn, left, ...shapes]) => {
    expect(simplified((x, y = x) => fn(x, y), ...shapes)).toEqual(left)
  })
})

it('in a population of small networks, maps stay in columns, and products of matrices read all swaps that are left', () => {
  const [x, ...weights] = [[20, 5], [4, 5], [4], [3, 4], [3]].map((shape) =>
    placeholder('', { dtype: 'float32', shape: [6, ...shape] }),
  )
  if (x === undefined) throw new Error('no input')
  const slopes = (rows: Tensor, given: readonly Tensor[]) => {
    const [w1 = rows, b1 = rows, w2 = rows, b2 = rows] = given
    const hidden = relu(gemm(rows, w1, { transB: true, bias: b1 }))
    return gradients(reduceSum(relu(gemm(hidden, w2, { transB: true, bias: b2 }))), given)
  }
  const outputs = simplify(vmap(slopes)(x, weights))
  const all = topologicalOrder(outputs)
  const swaps = all.filter(({ operation }) => operation.name === 'transpose')
  const readers = all.filter(({ inputs }) => inputs.some((input) => swaps.includes(input)))
  const maps = all.filter(({ operation }) => operation.name === 'relu' || operation.name === 'step')
  expect(maps.map(({ shape }) => shape)).toEqual([
    [6, 4, 20],
    [6, 3, 20],
    [6, 3, 20],
    [6, 4, 20],
  ])
  expect(swaps.length).toBeGreaterThan(0)
  expect(new Set(readers.map(({ operation }) => operation.name))).toEqual(new Set(['matMul']))
})
