import { expect, it } from 'vitest'
import { key, keyData, keyType, randomUniform } from '../../random/index.ts'
import { add, clip, constant, div, full, mul, placeholder, sub, type Tensor, tanh, tensor } from '../../tensor/index.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

it('computes what is written twice once', () => {
  expect(simplified((x) => div(tanh(x), add(tanh(x), 2)), [3])).toEqual(['tanh', 'add', 'div'])
})

it('knows which operands may change places', () => {
  expect(simplified((x, y) => div(mul(x, y), add(mul(y, x), 2)), [3], [3])).toEqual(['mul', 'add', 'div'])
  expect(simplified((x, y) => mul(sub(x, y), sub(y, x)), [3], [3])).toEqual(['sub', 'sub', 'mul'])
})

it('tells attributes, constants and inputs apart', () => {
  expect(simplified((x) => add(clip(x, { min: 0 }), clip(x, { min: -1 })), [3])).toEqual(['clip', 'clip', 'add'])
  expect(simplified((x) => div(mul(x, tensor([1, 2])), mul(x, tensor([1, 3]))), [2])).toEqual(['mul', 'mul', 'div'])
  expect(simplified((x) => div(mul(x, tensor([1, 2])), add(mul(x, tensor([1, 2])), 3)), [2])).toEqual([
    'mul',
    'add',
    'div',
  ])
  const [a, b] = [placeholder('x', { dtype: 'float32', shape: [] }), placeholder('x', { dtype: 'float32', shape: [] })]
  expect(simplify([a, b])).toEqual([a, b])
})

it('compares small constants by value, large ones by identity', () => {
  const constants = (tensors: readonly Tensor[]) => new Set(simplify(tensors)).size
  expect(constants([tensor([1, 2]), tensor([1, 2]), constant(Int32Array.of(1, 2), [2], 'int32')])).toBe(2)
  expect(constants([full([2000], 1), full([2000], 1)])).toBe(2)
})

it('draws random numbers of one key once', () => {
  const k = placeholder('k', keyType)
  expect(operationsOf(simplify([sub(randomUniform(k, [3]), randomUniform(k, [3]))]))).toHaveLength(2)
  const other = constant(keyData(key(3)), [2], 'uint32')
  expect(operationsOf(simplify([sub(randomUniform(k, [3]), randomUniform(other, [3]))]))).toHaveLength(3)
})
