import { expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import {
  add,
  constant,
  expand,
  full,
  gather,
  matmul,
  mul,
  ones,
  placeholder,
  reduceSum,
  type Tensor,
  tensor,
} from '../../tensor/index.ts'
import { constantOperation } from '../../tensor/ops/constant.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

const numbers = (result: Tensor | undefined) => result && constantOperation.attributesOf(result).data

it('computes what is made of constants, rounding each op to its dtype', () => {
  const [sum] = simplify([add(mul(tensor([1, 2, 3]), tensor([0.1])), 1)])
  expect(numbers(sum)).toEqual(Float32Array.of(1.1, 1.2, 1.3))
  const [whole] = simplify([mul(constant(Int32Array.of(70_000), [1], 'int32'), 70_000)])
  expect(numbers(whole)).toEqual(Int32Array.of(70_000 * 70_000))
})

it('leaves the constant half of an expression one constant', () => {
  const fn = (x: Tensor) => add(x, reduceSum(mul(tensor([[1, 2]]), tensor([[3], [4]]))))
  expect(simplified(fn, [2])).toEqual(['add'])
})

it('does not blow up: a constant stays expanded, and a large product is left to the runtime', () => {
  expect(operationsOf(simplify([expand(full([1, 1], 2), [1000, 1000])]))).toEqual(['expand'])
  const large = full([200, 200], 1)
  expect(operationsOf(simplify([matmul(large, large)]))).toEqual(['matMul'])
})

it('folds indices too', () => {
  const [row] = simplify([
    gather(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      constant(Int32Array.of(1), [1], 'int32'),
    ),
  ])
  expect(numbers(row)).toEqual(Float32Array.of(3, 4))
})

it('folds the constant cotangents of a gradient', () => {
  const x = placeholder('x', { dtype: 'float32', shape: [100] })
  expect(operationsOf(simplify([gradients(reduceSum(mul(x, ones([100]))), x)]))).toEqual(['expand'])
})
