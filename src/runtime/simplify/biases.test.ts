import { describe, expect, it } from 'vitest'
import { add, conv2d, gemm, matmul, relu, reshape, type Tensor, transpose } from '../../tensor/index.ts'
import { simplified } from '../../testing/simplified.ts'

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

  it('of stacks with a matrix take a vector as a bias', () => {
    const fn = (x: Tensor, w: Tensor, b: Tensor) => add(matmul(x, transpose(w)), b)
    expect(simplified(fn, [2, 3, 4], [5, 4], [5])).toEqual(['reshape', 'gemm', 'reshape'])
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
