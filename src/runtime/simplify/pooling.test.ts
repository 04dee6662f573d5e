import { describe, expect, it } from 'vitest'
import { gradients, topologicalOrder } from '../../autodiff/index.ts'
import {
  add,
  conv2d,
  maxPool2d,
  mul,
  placeholder,
  reduceSum,
  relu,
  reshape,
  type Shape,
  sizeOf,
  type Tensor,
} from '../../tensor/index.ts'
import { fill } from '../../testing/golden/formula.ts'
import { graphOf } from '../graph.ts'
import { interpret } from '../reference/interpreter.ts'
import { simplify } from './index.ts'

const input = (shape: Shape): Tensor => placeholder('x', { dtype: 'float32', shape })

/** Values of the outputs as they are, and simplified. */
function bothWays(inputs: readonly Tensor[], outputs: readonly Tensor[]) {
  const data = inputs.map(({ shape }, i) => ({ shape, data: Float64Array.from(fill(sizeOf(shape), 0.3 + i, 1)) }))
  const simple = simplify(outputs)
  return { simple, plain: interpret(graphOf(inputs, outputs), data), fast: interpret(graphOf(inputs, simple), data) }
}

const sizes = (outputs: readonly Tensor[], name: string): number[] =>
  topologicalOrder(outputs)
    .filter(({ operation }) => operation.name === name)
    .map(({ shape }) => sizeOf(shape))

describe('simplify', () => {
  it('pools before relu, forwards and backwards, and changes no value', () => {
    const [x, w] = [input([2, 1, 8, 8]), input([3, 1, 3, 3])]
    const pooled = maxPool2d(relu(conv2d(x, w, { padding: 1 })), 2)
    const loss = reduceSum(mul(pooled, pooled))
    const outputs = [loss, pooled, gradients(loss, w), gradients(loss, x)]
    const { simple, plain, fast } = bothWays([x, w], outputs)
    expect(fast).toEqual(plain)
    expect(sizes(outputs, 'relu')).toEqual([384])
    expect(new Set([...sizes(simple, 'relu'), ...sizes(simple, 'step')])).toEqual(new Set([96]))
  })

  it('keeps relu where something else needs it', () => {
    const x = input([1, 1, 4, 4])
    const rectified = relu(x)
    const loss = add(reduceSum(mul(maxPool2d(rectified, 2), 3)), reduceSum(mul(rectified, rectified)))
    const { plain, fast } = bothWays([x], [loss, gradients(loss, x), rectified])
    expect(fast).toEqual(plain)
  })

  it('makes one reshape of several', () => {
    const x = input([2, 3, 4])
    const { simple, plain, fast } = bothWays([x], [reshape(reshape(reshape(x, [24]), [4, 6]), [6, 4])])
    expect(fast).toEqual(plain)
    expect(sizes(simple, 'reshape')).toEqual([24])
    expect(simplify([reshape(reshape(x, [24]), [2, 3, 4])])).toEqual([x])
  })
})

// Grad-CAM and the like differentiate by what stands in the middle of a network.
it('tensors in the middle of an expression have gradients', () => {
  const x = input([1, 1, 4, 4])
  const rectified = relu(x)
  const flat = reshape(rectified, [16])
  const loss = reduceSum(mul(maxPool2d(reshape(flat, [1, 1, 4, 4]), 2), 2))
  const values = { shape: x.shape, data: Float64Array.from({ length: 16 }, (_, i) => i + 1) }
  const winners = [5, 7, 13, 15]
  for (const middle of [rectified, flat]) {
    const [slope] = interpret(graphOf([x], [gradients(loss, middle)]), [values])
    expect([...(slope?.data ?? [])].flatMap((value, i) => (value === 2 ? [i] : []))).toEqual(winners)
  }
})
