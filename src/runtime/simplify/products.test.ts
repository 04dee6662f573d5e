import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import {
  add,
  conv2d,
  gemm,
  matmul,
  placeholder,
  reduceSum,
  relu,
  reshape,
  type Tensor,
  tanh,
  transpose,
} from '../../tensor/index.ts'
import { gemmOperation } from '../../tensor/ops/matmul.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

describe('products of matrices', () => {
  it('take what is added to them as a bias', () => {
    for (const shape of [[4], [1, 4], [2, 1], [2, 4], [1], []])
      expect(simplified((x, w, b) => add(b, matmul(x, w)), [2, 3], [3, 4], shape)).toEqual(['gemm'])
    expect(simplified((x, w, b) => add(gemm(x, w, { transB: true }), b), [2, 3], [4, 3], [4])).toEqual(['gemm'])
  })

  it('are not biased twice, nor by more than they broadcast', () => {
    expect(simplified((x, w, b) => add(gemm(x, w, { bias: b }), b), [2, 3], [3, 4], [4])).toEqual(['gemm', 'add'])
    expect(simplified((x, w, b) => add(matmul(x, w), b), [1, 3], [3, 4], [2, 4])).toEqual(['matMul', 'add'])
    expect(simplified((x, w, b) => add(matmul(x, w), b), [2, 3], [3, 4], [1, 2, 4])).toEqual(['matMul', 'add'])
  })

  it('stay by themselves where they are needed without', () => {
    const fn = (x: Tensor, w: Tensor, b: Tensor) => {
      const product = matmul(x, w)
      return [add(product, b), relu(product)]
    }
    expect(simplified(fn, [2, 3], [3, 4], [4])).toEqual(['matMul', 'add', 'relu'])
  })

  it('read transposed matrices as they are', () => {
    const fn = (x: Tensor, w: Tensor, b: Tensor) => add(matmul(transpose(x), transpose(w)), b)
    expect(simplified(fn, [3, 2], [4, 3], [4])).toEqual(['gemm'])
    expect(simplified((x, w) => gemm(transpose(x), w, { transA: true }), [2, 3], [3, 4])).toEqual(['gemm'])
    const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
    const [turned] = simplify([gemm(transpose(x), x, { transA: true, transB: true })])
    expect(turned && gemmOperation.attributesOf(turned)).toEqual({ transA: false, transB: true })
  })

  it('of stacks with a matrix take a vector as a bias', () => {
    const fn = (x: Tensor, w: Tensor, b: Tensor) => add(matmul(x, transpose(w)), b)
    expect(simplified(fn, [2, 3, 4], [5, 4], [5])).toEqual(['reshape', 'gemm', 'reshape'])
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

describe('convolutions', () => {
  it('take one number a channel as a bias', () => {
    for (const shape of [
      [3, 1, 1],
      [1, 3, 1, 1],
    ])
      expect(simplified((x, w, b) => add(conv2d(x, w), b), [2, 2, 3, 3], [3, 2, 2, 2], shape)).toEqual([
        'reshape',
        'conv2d',
      ])
    const vector = (x: Tensor, w: Tensor, b: Tensor) => add(reshape(b, [1, 3, 1, 1]), conv2d(x, w))
    expect(simplified(vector, [2, 2, 3, 3], [3, 2, 2, 2], [3])).toEqual(['conv2d'])
  })

  it('take nothing else', () => {
    const sum = (x: Tensor, w: Tensor, b: Tensor) => add(conv2d(x, w), b)
    for (const shape of [[1], [2], [2, 2], [2, 3, 2, 2]])
      expect(simplified(sum, [2, 2, 3, 3], [3, 2, 2, 2], shape)).toEqual(['conv2d', 'add'])
  })
})
