import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import * as ops from '../../tensor/index.ts'
import { cast, constant, placeholder, type Tensor, tensor, where } from '../../tensor/index.ts'
import { graphOf } from '../graph.ts'
import { interpret } from '../reference/interpreter.ts'
import { makeArena } from './arena.ts'
import { fuse } from './fuse.ts'

const vector = (length: number) => placeholder('vector', { dtype: 'float32', shape: [length] })
const scalar = () => placeholder('scalar', { dtype: 'float32', shape: [] })

type Expression = (a: Tensor, b: Tensor, s: Tensor) => Tensor

/** Runs an expression of two vectors and a scalar; the result may be written over an input. */
function fused(expression: Expression, a: readonly number[], b: readonly number[], s: number, over?: 'a' | 'b') {
  const n = a.length
  const { memory, sections } = makeArena({ a: n, b: n, out: n, after: 4 })
  const inputs = [vector(n), vector(n)] as const
  const factor = scalar()
  const loop = fuse(inputs, [factor], [expression(...inputs, factor)], memory)
  sections.a.view.set(a)
  sections.b.view.set(b)
  sections.after.view.fill(7)
  const target = sections[over ?? 'out']
  loop.run(n, [sections.a.address, sections.b.address], [target.address], [s])
  expect([...sections.after.view]).toEqual([7, 7, 7, 7])
  if (over !== 'a') expect([...sections.a.view]).toEqual([...Float32Array.from(a)])
  return Array.from(target.view)
}

function reference(expression: Expression, a: readonly number[], b: readonly number[], s: number): number[] {
  const inputs = [vector(a.length), vector(b.length), scalar()] as const
  const [x, y] = [a, b].map((data) => ({ shape: [a.length], data: Float64Array.from(Float32Array.from(data)) }))
  const graph = graphOf(inputs, [expression(...inputs)])
  const factor = { shape: [], data: Float64Array.of(Math.fround(s)) }
  const [result] = x && y ? interpret(graph, [x, y, factor]) : []
  return Array.from(Float32Array.from(result?.data ?? []))
}

const expressions: Readonly<Record<string, Expression>> = {
  add: (a, b) => ops.add(a, b),
  sub: (a, b) => ops.sub(a, b),
  mul: (a, b) => ops.mul(a, b),
  div: (a, b) => ops.div(a, b),
  max: (a, b) => ops.maximum(a, b),
  min: (a, b) => ops.minimum(a, b),
  sqrt: (a) => ops.sqrt(ops.abs(a)),
  abs: (a) => ops.abs(a),
  equal: (a, b) => cast(ops.equal(a, b), 'float32'),
  less: (a, b) => cast(ops.less(a, b), 'float32'),
  lessOrEqual: (a, b) => cast(ops.lessOrEqual(a, b), 'float32'),
  greater: (a, b) => cast(ops.greater(a, b), 'float32'),
  greaterOrEqual: (a, b) => cast(ops.greaterOrEqual(a, b), 'float32'),
  and: (a, b) => cast(ops.logicalAnd(ops.less(a, 1), ops.less(b, 1)), 'float32'),
  or: (a, b) => cast(ops.logicalOr(ops.less(a, 1), ops.less(b, 1)), 'float32'),
  where: (a, b) => where(ops.less(a, b), ops.mul(a, 2), b),
  'a scalar and what depends on it alone': (a, _, s) => ops.mul(a, ops.sub(1, ops.mul(s, s))),
  'an input as it is': (_, b) => b,
  'an input used three times': (a, b) => ops.add(ops.mul(a, a), ops.add(a, b)),
}

// Quarters: ties are frequent, and one op on them is exact but for the root and the quotient, which both sides round once.
const value = fc.integer({ min: -40, max: 40 }).map((quarters) => quarters / 4)
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 23 })

describe('the fused loop computes what the reference does', () => {
  it.each(Object.entries(expressions))('%s', (_, expression) => {
    fc.assert(
      fc.property(pairs, value, fc.constantFrom(undefined, 'a' as const, 'b' as const), (both, s, over) => {
        const [a, b] = [both.map(([x]) => x), both.map(([, y]) => y)]
        expect(fused(expression, a, b, s, over)).toEqual(reference(expression, a, b, s))
      }),
      { numRuns: 60 },
    )
  })

  it('with infinities and NaN', () => {
    const special = [Number.NaN, Infinity, -Infinity, 0, 1]
    const others = [1, 1, Number.NaN, 0, Number.NaN]
    for (const name of ['add', 'mul', 'div', 'max', 'min', 'equal', 'less', 'where']) {
      const expression = expressions[name]
      if (expression === undefined) throw new Error(`no expression ${name}`)
      expect(fused(expression, special, others, 1), name).toEqual(reference(expression, special, others, 1))
    }
  })

  it('for several results over their own inputs', () => {
    const { memory, sections } = makeArena({ a: 5, b: 5 })
    const [a, b] = [vector(5), vector(5)]
    const loop = fuse([a, b], [], [ops.add(a, b), ops.sub(a, b)], memory)
    sections.a.view.set([1, 2, 3, 4, 5])
    sections.b.view.set([5, 4, 3, 2, 1])
    const places = [sections.a.address, sections.b.address]
    loop.run(5, places, places, [])
    expect([...sections.a.view]).toEqual([6, 6, 6, 6, 6])
    expect([...sections.b.view]).toEqual([-4, -2, 0, 2, 4])
  })

  it('fills the vector with a result that depends on scalars alone', () => {
    expect(fused((_a, _b, s) => ops.mul(s, 2), [1, 2, 3], [1, 2, 3], 4)).toEqual([8, 8, 8])
  })

  it('writes as many numbers as it is told, at any address, and leaves the neighbours alone', () => {
    const { memory, sections } = makeArena({ a: 24, after: 4 })
    const a = vector(24)
    const loop = fuse([a], [], [ops.mul(a, 2)], memory)
    for (let start = 0; start < 5; start++)
      for (let length = 0; length <= 13; length++) {
        sections.a.view.forEach((_, i, view) => {
          view[i] = i + 1
        })
        const place = [sections.a.address + 4 * start]
        loop.run(length, place, place, [])
        const inside = (i: number) => i >= start && i < start + length
        expect([...sections.a.view]).toEqual(Array.from({ length: 24 }, (_, i) => (i + 1) * (inside(i) ? 2 : 1)))
      }
  })

  it('writes nothing for no numbers', () => {
    const { memory, sections } = makeArena({ a: 4 })
    const a = vector(4)
    sections.a.view.fill(3)
    fuse([a], [], [ops.mul(a, 2)], memory).run(0, [0], [0], [])
    expect([...sections.a.view]).toEqual([3, 3, 3, 3])
  })
})

describe('the fused loop refuses what it would compute wrongly', () => {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const a = vector(4)
  const whole = placeholder('whole', { dtype: 'int32', shape: [4] })
  it.each([
    ['an op it does not know', [a], ops.exp(a), /cannot compute exp; it knows add, sub, .*where/],
    ['a reduction', [a], ops.mul(a, ops.reduceSum(a)), /cannot compute reduceSum/],
    ['a constant vector', [a], ops.mul(a, tensor([1, 2, 3, 4])), /constants of one number only/],
    [
      'a cast to whole numbers',
      [a],
      cast(cast(a, 'int32'), 'float32'),
      /cast in a fused loop works on bool and was given float32/,
    ],
    [
      'truth values compared as numbers',
      [a],
      cast(ops.equal(ops.less(a, 1), ops.less(a, 2)), 'float32'),
      /equal in a fused loop works on float32 and was given bool/,
    ],
    [
      'a constant of another type',
      [a],
      where(constant(Uint8Array.of(1), [], 'bool'), a, a),
      /constant in a fused loop works on float32 and was given bool/,
    ],
    [
      'whole numbers coming in',
      [whole],
      cast(whole, 'float32'),
      /an input in a fused loop works on float32 and was given int32/,
    ],
    ['truth values going out', [a], ops.less(a, 1), /an output in a fused loop works on float32 and was given bool/],
    ['an input that was not given', [], ops.mul(a, 2), /placeholder/],
  ] as const)('%s', (_, inputs, output, message) => {
    expect(() => fuse(inputs, [], [output], memory)).toThrow(UsageError)
    expect(() => fuse(inputs, [], [output], memory)).toThrow(message)
  })
})
