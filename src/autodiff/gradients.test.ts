import { describe, expect, it } from 'vitest'
import * as ops from '../tensor/index.ts'
import { defineOperation, type Tensor, tensor } from '../tensor/index.ts'
import { evaluate, expectSound, gradientOf, real, whole } from '../testing/check.ts'
import { gradients, isTensor, topologicalOrder, vjp } from './index.ts'

const { add, mul, reduceSum } = ops
const x2 = real([2], [3, 5])
const numbersOf = (fn: (...inputs: Tensor[]) => Tensor, ...given: Parameters<typeof evaluate>[1]) =>
  Array.from(evaluate(fn, given)[0]?.data ?? [])

describe('gradients', () => {
  it('add up where a tensor is used several times', () => {
    const used = (x: Tensor) => gradients(reduceSum(add(add(mul(x, x), x), mul(x, 4))), x)
    expect(numbersOf(used, x2)).toEqual([2 * 3 + 5, 2 * 5 + 5])
  })

  it('add up along many paths of a long chain without walking each path', () => {
    // 2^60 paths lead through the doublings.
    const doubled = (x: Tensor) => {
      let y = x
      for (let i = 0; i < 60; i++) y = add(y, y)
      return gradients(reduceSum(y), x)
    }
    expect(numbersOf(doubled, real([1], [1]))).toEqual([2 ** 60])
  })

  it('have the nesting of what they are asked for', () => {
    const nested = (x: Tensor, y: Tensor) => {
      const { layers, scale } = gradients(reduceSum(mul(mul(x, y), 2)), { layers: [{ w: x }, { w: y }], scale: y })
      return [...layers.map(({ w }) => w), scale]
    }
    const [dx, dy, again] = evaluate(nested, [x2, real([2], [7, 11])])
    expect(Array.from(dx?.data ?? [])).toEqual([14, 22])
    expect(Array.from(dy?.data ?? [])).toEqual([6, 10])
    expect(again?.data).toEqual(dy?.data)
  })

  it('are zeros of the right shape where nothing depends', () => {
    const independent = (x: Tensor, y: Tensor) => gradients(reduceSum(x), y)
    expect(evaluate(independent, [x2, real([2, 3], [1, 2, 3, 4, 5, 6])])).toEqual([
      { shape: [2, 3], data: new Float64Array(6) },
    ])
  })

  it('of something in between, and of the loss itself', () => {
    const between = (x: Tensor) => {
      const middle = mul(x, 10)
      return gradients(reduceSum(mul(middle, middle)), middle)
    }
    expect(numbersOf(between, x2)).toEqual([60, 100])
    const itself = (x: Tensor) => {
      const loss = reduceSum(x)
      return gradients(loss, loss)
    }
    expect(numbersOf(itself, x2)).toEqual([1])
  })

  it('want a scalar loss', () => {
    expect(() => gradients(tensor([[1, 2]]), {})).toThrow(
      'gradients: the loss has shape [1, 2] but must be a scalar; reduce it first, with reduceMean or reduceSum',
    )
    const x = tensor(1)
    expect(() => gradients(x, { x, rate: 0.1 })).toThrow('"rate" holds 0.1, which is neither a tensor nor')
  })
})

describe('ops that have none', () => {
  const opaque = defineOperation<Record<string, never>>({
    name: 'opaque',
    infer: ([x]) => x ?? { dtype: 'float32', shape: [] },
    reference: ([x]) => x ?? ops.ndarray([]),
  })

  it('are named when they stand in the way', () => {
    const x = ops.placeholder('x', { dtype: 'float32', shape: [2] })
    expect(() => gradients(reduceSum(opaque.apply([mul(x, 2)], {})), x)).toThrow(
      'the op opaque has no gradient; keep it out of what is differentiated',
    )
  })

  it('do no harm off the way', () => {
    const beside = (x: Tensor, y: Tensor) => gradients(reduceSum(mul(opaque.apply([y], {}), x)), x)
    expect(numbersOf(beside, x2, real([2], [7, 9]))).toEqual([7, 9])
  })

  it('labels and truth values are constants: the largest logit may be picked by argMax', async () => {
    const largest = (x: Tensor) => reduceSum(mul(x, ops.oneHot(ops.argMax(x), 3)))
    await expectSound(largest, [real([2, 3], [1, 3, 2, 6, 4, 5])])
    expect(numbersOf((x) => gradients(largest(x), x), real([1, 3], [1, 3, 2]))).toEqual([0, 1, 0])
    const masked = (x: Tensor) => mul(x, ops.cast(ops.greater(x, 0), 'float32'))
    await expectSound(masked, [real([2], [1, -1])])
  })

  it('whole numbers have gradients of zero', () => {
    const labels = (x: Tensor, y: Tensor) => gradients(reduceSum(mul(x, ops.cast(y, 'float32'))), y)
    expect(numbersOf(labels, x2, whole([2], [1, 2]))).toEqual([0, 0])
  })
})

describe('vjp', () => {
  it('pulls several cotangents back at once', () => {
    const pulled = (x: Tensor) => vjp([mul(x, 2), mul(x, x)], [tensor([1, 10]), tensor([100, 1000])], [x])
    expect(Array.from(evaluate(pulled, [x2])[0]?.data ?? [])).toEqual([2 + 600, 20 + 10_000])
  })

  it('is linear in the cotangent, and transposes the Jacobian of a matrix product', () => {
    const product = (a: Tensor, b: Tensor) => ops.matmul(a, b)
    const given = [real([2, 2], [1, 2, 3, 4]), real([2, 1], [5, 6])]
    const [da] = evaluate(gradientOf(product), given)
    const weight = [2.5, 2.5 + 0.713].map((phase) => Math.fround(Math.sin(phase)))
    expect(Array.from(da?.data ?? [])).toEqual(weight.flatMap((w) => [5 * w, 6 * w]))
  })

  it('names an output whose cotangent does not fit', () => {
    expect(() => vjp([tensor([1, 2])], [tensor(1)], [])).toThrow(
      'vjp: output 0 has shape [2] and needs a cotangent of that shape',
    )
    expect(() => vjp([tensor(1)], [], [])).toThrow('vjp: output 0 has shape []')
  })
})

it('topologicalOrder has inputs before what is made from them, each once', () => {
  const a = tensor(1)
  const b = mul(a, a)
  const c = add(b, a)
  expect(topologicalOrder([c, b, c])).toEqual([a, b, c])
  expect(isTensor(a)).toBe(true)
  expect(isTensor({ shape: [] })).toBe(false)
})
