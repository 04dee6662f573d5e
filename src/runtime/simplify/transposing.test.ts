import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import {
  add,
  gemm,
  matmul,
  placeholder,
  reduceSum,
  relu,
  swapLastAxes,
  type Tensor,
  tanh,
  transpose,
} from '../../tensor/index.ts'
import { gemmOperation } from '../../tensor/ops/matmul.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

describe('products of matrices', () => {
  it('read transposed matrices as they are', () => {
    const fn = (x: Tensor, w: Tensor, b: Tensor) => add(matmul(transpose(x), transpose(w)), b)
    expect(simplified(fn, [3, 2], [4, 3], [4])).toEqual(['gemm'])
    expect(simplified((x, w) => gemm(transpose(x), w, { transA: true }), [2, 3], [3, 4])).toEqual(['gemm'])
    const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
    const [turned] = simplify([gemm(transpose(x), x, { transA: true, transB: true })])
    expect(turned && gemmOperation.attributesOf(turned)).toEqual({ transA: false, transB: true })
  })

  it('are turned by turning what they are made of', () => {
    expect(simplified((x, w) => transpose(gemm(x, w)), [2, 3], [3, 4])).toEqual(['gemm'])
    expect(simplified((x, w) => transpose(gemm(x, w, { transA: true, transB: true })), [3, 2], [4, 3])).toEqual([
      'gemm',
    ])
    const turned = (x: Tensor, w: Tensor) => swapLastAxes(matmul(x, swapLastAxes(w)))
    expect(simplified(turned, [2, 2, 3], [2, 4, 3])).toEqual(['transpose', 'matMul'])
  })

  it('are turned afterwards where that costs less, or they are needed both ways', () => {
    expect(simplified((x, w) => swapLastAxes(matmul(x, w)), [2, 2, 3], [3, 4])).toEqual(['matMul', 'transpose'])
    expect(simplified((x, w, b) => transpose(gemm(x, w, { bias: b })), [2, 3], [3, 4], [4])).toEqual([
      'gemm',
      'transpose',
    ])
    const both = (x: Tensor, w: Tensor) => {
      const product = gemm(x, w)
      return [transpose(product), relu(product)]
    }
    expect(simplified(both, [2, 3], [3, 4])).toEqual(['gemm', 'transpose', 'relu'])
  })

  it('summed over a stack are one over all rows: the gradient of a weight', () => {
    const [x, w] = [
      [2, 3, 4],
      [4, 5],
    ].map((shape) => placeholder('', { dtype: 'float32', shape }))
    if (x === undefined || w === undefined) throw new Error('two inputs')
    const slope = gradients(reduceSum(tanh(matmul(x, w))), w)
    const before = operationsOf([slope])
    const after = operationsOf(simplify([slope]))
    expect(before.filter((name) => name === 'matMul')).toHaveLength(2)
    expect(after.filter((name) => name === 'matMul' || name === 'gemm')).toEqual(['matMul', 'gemm'])
    expect(after).not.toContain('transpose')
    // Values, gradients and theirs are compared in here.
    expect(simplified((a, b) => tanh(matmul(a, b)), [2, 3, 4], [4, 5])).toEqual(['matMul', 'tanh'])
  })
})
