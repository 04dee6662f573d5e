import { describe, expect, it } from 'vitest'
import * as ops from '../tensor/index.ts'
import { defineOperation, type NdArray, operationTable, sizeOf, type Tensor } from '../tensor/index.ts'
import {
  type Argument,
  evaluate,
  expectAgreement,
  expectClose,
  gradientOf,
  real,
  type TensorFunction,
  trace,
  whole,
} from '../testing/check.ts'
import { fill } from '../testing/golden/formula.ts'
import { orders, samples } from '../testing/samples.ts'
import { rules } from './batching/index.ts'
import { grad, gradients, topologicalOrder, vmap } from './index.ts'

const MEMBERS = 3

/** Numbers of one member's argument, without ties. */
const numbers = (shape: readonly number[], member: number, input: number): Argument =>
  real(shape, fill(sizeOf(shape), 0.3 + 2 * input + 0.41 * member, 1))

/** Arrays side by side along a new axis. */
function stacked(each: readonly Argument[], axis: number): Argument {
  const [first] = each
  if (first === undefined) throw new Error('nothing to stack')
  const { type } = first
  const [outer, inner] = [sizeOf(type.shape.slice(0, axis)), sizeOf(type.shape.slice(axis))]
  const data =
    first.data.constructor === Int32Array
      ? new Int32Array(MEMBERS * first.data.length)
      : new Float32Array(MEMBERS * first.data.length)
  for (let o = 0; o < outer; o++)
    each.forEach((one, k) => {
      data.set(one.data.subarray(o * inner, (o + 1) * inner), (o * each.length + k) * inner)
    })
  return { type: { dtype: type.dtype, shape: type.shape.toSpliced(axis, 0, MEMBERS) }, data }
}

const together = (each: readonly NdArray[]): NdArray => ({
  shape: [each.length, ...(each[0]?.shape ?? [])],
  data: Float64Array.from(each.flatMap(({ data }) => [...data])),
})

/** vmap against one member after the other. `given[i][k]` is argument i of member k; those without an axis are shared. */
function expectSame(fn: TensorFunction, given: readonly (readonly Argument[])[], inAxes: readonly (number | null)[]) {
  const all = given.flatMap((each, i) => {
    const axis = inAxes[i] ?? null
    return axis === null ? each.slice(0, 1) : [stacked(each, axis)]
  })
  const found = evaluate((...inputs) => vmap(fn, { inAxes })(...inputs), all)
  const alone = Array.from({ length: MEMBERS }, (_, k) =>
    evaluate(
      fn,
      given.flatMap((each, i) => each.slice(inAxes[i] === null ? 0 : k).slice(0, 1)),
    ),
  )
  found.forEach((value, output) => {
    const expected = together(alone.flatMap((results) => results.slice(output, output + 1)))
    expectClose(value, expected, 1e-12, `output ${output} with inAxes ${inAxes}`)
  })
}

/** All arguments batched, each one alone, and all with the members' axis in second place or at the end. */
function placements(ranks: readonly number[]): (number | null)[][] {
  const alone = ranks.length === 1 ? [] : ranks.map((_, i) => ranks.map((_rank, j) => (i === j ? 0 : null)))
  return [ranks.map(() => 0), ...alone, ranks.map((rank) => Math.min(1, rank)), ranks.map((rank) => rank)]
}

describe('every op for all members at once is the op for each of them', () => {
  it.each(Object.entries(samples))('%s, its gradient and the gradient of that', (_, [fn, ...shapes]) => {
    const given = shapes.map((shape, i) => Array.from({ length: MEMBERS }, (_m, k) => numbers(shape, k, i)))
    for (const order of orders(fn))
      for (const inAxes of placements(shapes.map(({ length }) => length))) expectSame(order, given, inAxes)
  })

  it.each(Object.entries(samples))('%s and its gradient in the native runtime', async (_, [fn, ...shapes]) => {
    const all = shapes.map((shape, i) => {
      const each = Array.from({ length: MEMBERS }, (_m, k) => numbers(shape, k, i))
      return stacked(each, 0)
    })
    for (const order of [fn, gradientOf(fn)]) await expectAgreement(vmap(order), all, { tolerance: 1e-4 })
  })

  const indices = (...members: number[][]) => members.map((data) => whole([data.length], data))
  const matrices = Array.from({ length: MEMBERS }, (_, k) => numbers([4, 2], k, 0))
  const own = indices([1, 0, 3], [2, 2, 2], [0, 3, 0])
  it.each<readonly [string, TensorFunction, readonly (readonly Argument[])[]]>([
    ['gather', (x, i = x) => [ops.gather(x, i), ops.gather(ops.transpose(x), i, 1)], [matrices, own]],
    ['embedding', (x, i = x) => ops.embedding(x, ops.reshape(i, [3, 1])), [matrices, own]],
    ['scatterAdd', (x, i = x) => ops.scatterAdd(ops.slice(x, { starts: [0], ends: [3] }), i, [5, 2]), [matrices, own]],
    [
      'gatherElements and scatterElements',
      (x, i = x) => {
        const places = ops.reshape(ops.concat([i, i]), [3, 2])
        return [ops.gatherElements(x, places), ops.scatterElements(x, places, ops.gatherElements(x, places))]
      },
      [matrices, own],
    ],
    ['oneHot', (x, i = x) => ops.matmul(ops.oneHot(i, 4), x), [matrices, own]],
  ])('%s by indices of each member’s own', (_, fn, given) => {
    for (const order of [fn, gradientOf(fn)])
      for (const inAxes of [
        [0, 0],
        [0, null],
        [null, 0],
        [1, 1],
      ])
        expectSame(order, given, inAxes)
  })

  it('products of more axes than two, which the two sides have different numbers of', () => {
    const a = Array.from({ length: MEMBERS }, (_, k) => numbers([2, 2, 3], k, 0))
    const b = Array.from({ length: MEMBERS }, (_, k) => numbers([3, 4], k, 1))
    const fn: TensorFunction = (x, y = x) => [ops.matmul(x, y), ops.matmul(ops.swapLastAxes(y), ops.swapLastAxes(x))]
    for (const inAxes of placements([3, 2])) expectSame(fn, [a, b], inAxes)
  })

  it('products with and without transposition, and with every kind of bias', () => {
    const shaped = (i: number, ...shape: number[]) => Array.from({ length: MEMBERS }, (_, k) => numbers(shape, k, i))
    for (const transA of [false, true])
      for (const transB of [false, true])
        for (const bias of [[4], [2, 1], []])
          for (const inAxes of placements([2, 2, bias.length]))
            expectSame(
              (a, b = a, c = a) => ops.gemm(a, b, { transA, transB, bias: c }),
              [shaped(0, ...(transA ? [3, 2] : [2, 3])), shaped(1, ...(transB ? [4, 3] : [3, 4])), shaped(2, ...bias)],
              inAxes,
            )
  })

  it('reshapes that keep what stands before the members’ axis, and those that do not', () => {
    const x = [Array.from({ length: MEMBERS }, (_, k) => numbers([2, 3, 4], k, 0))]
    const fn: TensorFunction = (t) => [
      ...[[2, 12], [6, 4], [24], [1, 2, 3, 4], [2, 1, 12], [4, 3, 2]].map((shape) => ops.reshape(t, shape)),
      ops.reshape(ops.reduceSum(t), [1, 1]),
    ]
    for (const axis of [0, 1, 2, 3]) expectSame(fn, x, [axis])
  })
})

describe('the rules', () => {
  it('are there for every row, so that nothing is done one by one without need', () => {
    const rows = [...operationTable.values()].filter(
      ({ isHost, name }) => !isHost && !['placeholder', 'constant'].includes(name),
    )
    expect(rows.filter(({ name }) => !rules.has(name)).map(({ name }) => name)).toEqual([])
    expect([...rules.keys()].filter((name) => !operationTable.has(name))).toEqual([])
  })

  it('are not needed: an op without one is applied to each member', () => {
    const reversed = defineOperation<Record<string, never>>({
      name: 'vmap test: reversed',
      infer: ([x]) => ({ dtype: 'float32', shape: x?.shape ?? [] }),
      reference: ([x]) => ({ shape: x?.shape ?? [], data: (x?.data ?? new Float64Array()).toReversed() }),
    })
    const given = Array.from({ length: MEMBERS }, (_, k) => numbers([2, 3], k, 0))
    for (const axis of [0, 1, 2]) expectSame((x) => reversed.apply([x], {}), [given], [axis])
  })
})

describe('vmap', () => {
  const dot = (a: Tensor, b: Tensor) => ops.reduceSum(ops.mul(a, b))
  const rows = ops.tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ])

  it('is what its examples say, in the native runtime too', async () => {
    const products = (a: Tensor, b: Tensor = a, c: Tensor = a) => [
      vmap(dot)(a, b),
      vmap(dot, { inAxes: [0, null] })(a, c),
    ]
    const given = [real([3, 2], [1, 2, 3, 4, 5, 6]), real([3, 2], [1, 1, 1, 0, 0, 1]), real([2], [10, 1])]
    expect(evaluate(products, given).map(({ data }) => [...data])).toEqual([
      [3, 3, 6],
      [12, 34, 56],
    ])
    await expectAgreement(products, given)
  })

  it('keeps nesting, and gives what depends on no member to each', () => {
    const both = ({ a, b: [b] }: { a: Tensor; b: readonly [Tensor] }, c: Tensor) => ({
      sum: ops.add(a, b),
      twice: [ops.add(c, c)],
    })
    const traced = vmap(both, { inAxes: [0, null] })({ a: rows, b: [rows] }, ops.tensor([1, 2, 3, 4]))
    expect(traced.sum.shape).toEqual([3, 2])
    expect(traced.twice.map(({ shape }) => shape)).toEqual([[3, 4]])
    const [expanded] = traced.twice
    expect(expanded?.operation.name).toBe('expand')
  })

  it('nests: a product of matrices from dot products', () => {
    const product = (a: Tensor, b: Tensor = a) =>
      vmap((row: Tensor) => vmap((column: Tensor) => dot(row, column), { inAxes: [1] })(b))(a)
    const given = [numbers([2, 3], 0, 0), numbers([3, 4], 0, 1)] as const
    const [found, expected] = [evaluate(product, given), evaluate((a, b = a) => ops.matmul(a, b), given)]
    found.forEach((value, i) => {
      expectClose(value, expected[i] ?? value, 1e-12, 'matmul')
    })
  })

  it('of a gradient is a gradient for each, and a gradient goes through it', () => {
    const cube = (x: Tensor) => ops.reduceSum(ops.mul(x, ops.mul(x, x)))
    const slopes = (x: Tensor) => [vmap(grad(cube))(x), gradients(ops.reduceSum(vmap(cube)(x)), x)]
    const [inside, outside] = evaluate(slopes, [real([2, 2], [1, 2, 3, 4])])
    expect([...(inside?.data ?? [])]).toEqual([3, 12, 27, 48])
    expect(outside).toEqual(inside)
  })

  it('computes what all members share once, and all members’ products in one', () => {
    const layer = (weight: Tensor, x: Tensor) => ops.gemm(ops.exp(x), weight, { transB: true })
    const graph = trace(
      (x, w = x) => vmap(layer, { inAxes: [0, null] })(w, x),
      [numbers([4, 3], 0, 0), numbers([5, 2, 3], 0, 1)],
    )
    const count = (name: string) => topologicalOrder(graph.outputs).filter(({ operation }) => operation.name === name)
    expect(count('exp').map(({ shape }) => shape)).toEqual([[4, 3]])
    expect(count('gemm').map(({ shape }) => shape)).toEqual([[4, 10]])
    expect(count('slice')).toEqual([])
  })

  it.each<readonly [string, () => unknown, RegExp]>([
    ['members that differ', () => vmap(dot)(rows, ops.tensor([[1, 2]])), /^vmap: the arguments have 3 and 1 members/],
    [
      'nothing but shared arguments',
      () => vmap(dot, { inAxes: [null, null] })(rows, rows),
      /^vmap: all arguments are shared/,
    ],
    [
      'too few axes',
      () => vmap(dot, { inAxes: [0] })(rows, rows),
      /^vmap: inAxes has 1 entries, and the function got 2/,
    ],
    [
      'an axis that is not there',
      () => vmap(dot)(rows, ops.tensor(1)),
      /^vmap: argument 1: there is no axis 0 in a scalar/,
    ],
  ])('names %s', (_, make, message) => {
    expect(make).toThrow(message)
  })
})
