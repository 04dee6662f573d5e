import { describe, expect, it } from 'vitest'
import { add, cast, concat, matmul, mul, reduceSum, relu, reshape, type Tensor, transpose } from '../tensor/index.ts'
import { compileWith, type Executable, type Graph, type Runtime, referenceRuntime, spec } from './index.ts'

const reference = { runtime: referenceRuntime }

describe('the plan of a program', () => {
  it('has a row an op, with shapes, FLOPs and bytes, and totals', async () => {
    const program = await compileWith(
      reference,
      ({ w }: { w: Tensor }, x: Tensor) => reduceSum(relu(matmul(x, w)), { axes: [1] }),
      { w: spec([3, 4]) },
      spec([2, 3]),
    )
    const { rows, totals } = program.describe()
    expect(rows.map(({ value, op, inputs, output }) => [value, op, inputs, output.shape])).toEqual([
      ['%0', 'matMul', ['$1', '$0.w'], [2, 4]],
      ['%1', 'relu', ['%0'], [2, 4]],
      ['%2', 'reduceSum', ['%1'], [2]],
    ])
    expect(rows.map(({ flops, bytes }) => [flops, bytes])).toEqual([
      [2 * 24, 4 * (6 + 12 + 8)],
      [8, 4 * (8 + 8)],
      [8, 4 * (8 + 2)],
    ])
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(totals).toEqual({
      ops: 3,
      inputs: 18,
      constants: 0,
      flops: 64,
      bytes: 4 * (26 + 16 + 10),
      // Beside the inputs, the product and its rectified values are alive together.
      peakBytes: 4 * (18 + 8 + 8),
    })
  })

  it('counts no FLOPs for moving numbers, no bytes for a reshape, and one byte for a truth value', async () => {
    const program = await compileWith(
      reference,
      (x: Tensor) => [reshape(transpose(x), [6]), cast(x, 'bool'), concat([x, x])],
      spec([2, 3]),
    )
    const rows = Object.fromEntries(program.describe().rows.map((row) => [row.op, row]))
    expect(Object.values(rows).map(({ flops }) => flops)).toEqual([0, 0, 0, 0])
    expect([rows.transpose?.bytes, rows.reshape?.bytes, rows.cast?.bytes]).toEqual([48, 0, 24 + 6])
    // Read twice, but from the same place.
    expect(rows.concat?.bytes).toBe(24 + 48)
  })

  it('frees what is used no more: the peak of a long chain is that of one step', async () => {
    const chain = (length: number) => (x: Tensor) =>
      Array.from({ length }).reduce<Tensor>((y) => reshape(relu(mul(y, x)), [10, 10]), x)
    const peaks = await Promise.all(
      [3, 30].map(
        async (length) => (await compileWith(reference, chain(length), spec([10, 10]))).describe().totals.peakBytes,
      ),
    )
    expect(peaks).toEqual([1200, 1200])
  })

  it('prints as a table', async () => {
    const program = await compileWith(reference, (x: Tensor) => add(mul(x, x), 0.5), spec([1000, 1000]))
    expect(`${program.describe()}`.split('\n')).toEqual([
      'value  op   inputs  output         FLOPs    bytes   share',
      '%0     mul  $0 $0   [1000, 1000]  1.00 M  8.00 MB  50.0 %',
      '%1     add  %0 0.5  [1000, 1000]  1.00 M  8.00 MB  50.0 %',
      '2 ops, 2.00 MFLOP, 16.0 MB read and written, 1.00 M numbers in, 1 constant, at most 12.0 MB alive',
    ])
  })

  it('rounds to the next unit', async () => {
    const program = await compileWith(reference, (x: Tensor) => relu(x), spec([999_999]))
    expect(`${program.describe()}`).toContain('1.00 M numbers in')
  })

  it('says what the runtime made of an op, also for a second program that shares the prepared one', async () => {
    const runtime: Runtime = {
      name: 'blocks',
      prepare: async (graph: Graph, options): Promise<Executable> => ({
        ...(await referenceRuntime.prepare(graph, options)),
        formulations: new Map(graph.outputs.map((tensor) => [tensor, 'blocked by 16'])),
      }),
    }
    for (const _ of ['first', 'second']) {
      const program = await compileWith({ runtime }, (x: Tensor) => relu(mul(x, x)), spec([2]))
      expect(program.describe().rows.map(({ formulation }) => formulation)).toEqual([undefined, 'blocked by 16'])
      expect(`${program.describe()}`).toContain('formulation')
    }
  })
})
