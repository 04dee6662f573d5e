import { describe, expect, it } from 'vitest'
import { concat, relu, slice, split, type Tensor } from '../../../tensor/index.ts'
import { type Argument, expectAgreement, real, type TensorFunction, trace, whole } from '../../../testing/check.ts'
import { fill } from '../../../testing/golden/formula.ts'
import { decodeModel } from '../proto.ts'
import { writeOnnx } from '../write.ts'

const matrix = real([4, 10], fill(40, 0.3, 1))
const columns = (x: Tensor, start: number, end: number): Tensor => slice(x, { axes: [1], starts: [start], ends: [end] })

/** How often each op stands in the file. */
function nodesOf(fn: TensorFunction, given: Argument): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { opType } of decodeModel(writeOnnx(trace(fn, [given]), { target: 'native' })).graph.node)
    counts[opType] = (counts[opType] ?? 0) + 1
  return counts
}

describe('slices that divide one axis', () => {
  it.each<readonly [string, TensorFunction]>([
    ['all of it', (x) => split(x, [1, 4, 5], 1).map(relu)],
    ['with gaps, in another order', (x) => [columns(x, 8, 10), columns(x, 0, 3), columns(x, 4, 6)]],
    ['one of them twice', (x) => concat([columns(x, 0, 5), columns(x, 5, 10), columns(x, 0, 5)])],
  ])('are one Split: %s', async (_, fn) => {
    expect(nodesOf(fn, matrix)).toMatchObject({ Split: 1 })
    expect(nodesOf(fn, matrix)).not.toHaveProperty('Slice')
    await expectAgreement(fn, [matrix], { tolerance: 0 })
  })

  it('are a Split for each axis', async () => {
    const both: TensorFunction = (x) => [...split(x, 2, 0), ...split(x, 5, 1)]
    expect(nodesOf(both, matrix)).toEqual({ Split: 2 })
    await expectAgreement(both, [matrix], { tolerance: 0 })
  })

  it.each<readonly [string, TensorFunction, Argument]>([
    ['overlap', (x) => [columns(x, 0, 6), columns(x, 5, 10)], matrix],
    ['begin together', (x) => [columns(x, 0, 6), columns(x, 0, 7), columns(x, 7, 8)], matrix],
    ['take little', (x) => [columns(x, 0, 2), columns(x, 5, 7)], matrix],
    [
      'cut another axis too',
      (x) =>
        split(x, 5, 1)
          .map((part) => slice(part, { starts: [1], ends: [2] }))
          .slice(0, 1),
      matrix,
    ],
    ['have steps', (x) => [slice(x, { axes: [1], starts: [0], ends: [5], steps: [2] }), columns(x, 5, 10)], matrix],
    ['are bytes', (x) => split(x, 3), { type: { dtype: 'uint8', shape: [6] }, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
  ])('but not where they %s', async (_, fn, given) => {
    expect(nodesOf(fn, given)).not.toHaveProperty('Split')
    await expectAgreement(fn, [given], { tolerance: 0 })
  })

  it('of whole numbers too', () => expectAgreement((x) => split(x, [1, 2]), [whole([3], [5, 6, 7])]))
})
