import { describe, expect, it } from 'vitest'
import {
  abs,
  add,
  avgPool2d,
  cast,
  clip,
  constant,
  cumSum,
  div,
  floor,
  logicalNot,
  maxPool2d,
  mul,
  neg,
  ones,
  placeholder,
  pow,
  relu,
  resize,
  round,
  sub,
  type Tensor,
  tanh,
  where,
  zeros,
} from '../../tensor/index.ts'
import { castOperation } from '../../tensor/ops/cast.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { graphOf } from '../graph.ts'
import { interpret } from '../reference/interpreter.ts'
import { simplify } from './index.ts'

const truth = (...values: number[]): Tensor => constant(Uint8Array.from(values), [values.length], 'bool')

describe('what changes nothing is left out', () => {
  const cases: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    'x + 0': (x) => add(x, 0),
    '0 + x': (x) => add(zeros([3]), x),
    'x - 0': (x) => sub(x, 0),
    'x · 1': (x) => mul(x, 1),
    '1 · x': (x) => mul(ones([2, 3]), x),
    'x / 1': (x) => div(x, ones([1])),
    'x to the power 1': (x) => pow(x, 1),
    '-(-x)': (x) => neg(neg(x)),
    'no limits': (x) => clip(x, {}),
    'a choice that is made': (x) => where(truth(1), x, 7),
    'a choice of one': (x) => where(truth(1, 0, 1), x, x),
    'a sum along an axis of 1': (x) => cumSum(x, { axis: 0 }),
  }
  it.each(Object.entries(cases))('%s', (_, fn) => {
    const shape = _ === 'a sum along an axis of 1' ? [1, 3] : [2, 3]
    expect(simplified((x) => tanh(fn(x)), shape)).toEqual(['tanh'])
  })

  it('windows of one number, and maps of the same size', () => {
    for (const fn of [
      (x: Tensor) => maxPool2d(x, 1),
      (x: Tensor) => avgPool2d(x, 1),
      (x: Tensor) => resize(x, { scale: 1 }),
    ])
      expect(simplified((x) => tanh(fn(x)), [1, 2, 3, 3])).toEqual(['tanh'])
    expect(simplified((x) => maxPool2d(x, 1, { stride: 2 }), [1, 1, 3, 3])).toEqual(['maxPool2d'])
  })

  it('a cast to the dtype that is there', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    expect(simplify([castOperation.apply([x], { to: 'float32' })])).toEqual([x])
    expect(operationsOf(simplify([cast(cast(x, 'int32'), 'float32')]))).toEqual(['cast', 'cast'])
  })

  it('stretches what a constant had stretched', () => {
    expect(simplified((x) => add(x, zeros([4, 3])), [3])).toEqual(['expand'])
  })

  it.each([
    ['abs', abs],
    ['relu', relu],
    ['floor', floor],
    ['round', round],
  ] as const)('%s twice', (name, op) => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    expect(operationsOf(simplify([op(op(op(x)))]))).toEqual([name])
  })

  it('not twice, but not once', () => {
    const flag = placeholder('x', { dtype: 'bool', shape: [2] })
    expect(simplify([logicalNot(logicalNot(flag))])).toEqual([flag])
    expect(operationsOf(simplify([logicalNot(logicalNot(logicalNot(flag)))]))).toEqual(['not'])
  })
})

describe('signs', () => {
  it('a + (-b) and a - (-b) need no product', () => {
    expect(simplified((a, b) => add(a, neg(b)), [3], [3])).toEqual(['sub'])
    expect(simplified((a, b) => add(neg(a), b), [3], [2, 3])).toEqual(['sub'])
    expect(simplified((a, b) => sub(a, neg(b)), [3], [3])).toEqual(['add'])
  })

  it('a + a is 2a', () => {
    expect(simplified((a) => add(tanh(a), tanh(a)), [3])).toEqual(['tanh', 'mul'])
  })
})

it('keeps a product with 0, a sum with 1 and a difference of equals: they say where NaN and infinities are', () => {
  const x = placeholder('x', { dtype: 'float32', shape: [4] })
  const outputs = [mul(x, 0), sub(x, x), mul(add(x, 1), 0), div(0, x), pow(x, 0), add(x, 1)]
  const simple = simplify(outputs)
  expect(operationsOf(simple)).toEqual(['mul', 'sub', 'add', 'mul', 'div', 'pow'])
  const given = [{ shape: [4], data: Float64Array.of(1, Infinity, Number.NaN, 0) }]
  expect(interpret(graphOf([x], simple), given)).toEqual(interpret(graphOf([x], outputs), given))
})
