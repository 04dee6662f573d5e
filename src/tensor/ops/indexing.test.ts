import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/ort/node.ts'
import { holdsFor, reals, shapes, wholes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real, runIn, trace, whole } from '../../testing/check.ts'
import { add, constant, gather, oneHot, tensor } from './index.ts'

describe('gather', () => {
  it('values and gradients, with repeated indices of any shape', () =>
    holdsFor(
      fc
        .tuple(shapes({ minRank: 1 }), shapes({ maxRank: 2 }))
        .chain(([shape, indices]) =>
          fc
            .integer({ min: 0, max: shape.length - 1 })
            .chain((axis) => fc.tuple(fc.constant(axis), reals(shape), wholes(indices, 0, (shape[axis] ?? 1) - 1))),
        ),
      ([axis, x, indices]) =>
        expectSound((t, i) => [gather(t, i, axis), gather(t, i, axis - t.shape.length)], [x, indices]),
      20,
    ))

  it('adds up the gradients of an index that comes several times', () => {
    const [gradient] = evaluate(
      gradientOf((x, i) => gather(x, i)),
      [real([3], [1, 2, 3]), whole([4], [2, 0, 2, 2])],
    )
    const weight = (i: number) => Math.fround(Math.sin(2.5 + 0.7 * i + 0.013 * i * i))
    expect(Array.from(gradient?.data ?? [])).toEqual([weight(1), 0, weight(0) + weight(2) + weight(3)])
  })

  it('takes other types', () =>
    expectAgreement((x, i) => gather(x, i), [whole([3], [5, 6, 7]), whole([2, 2], [0, 2, 1, 1])]))

  it('names an index that is outside, and native fails as well', async () => {
    const given = [real([3], [1, 2, 3]), whole([1], [3])]
    expect(() => evaluate((x, i) => gather(x, i), given)).toThrow(
      'gather: index 3 is outside axis 0, which has 3 entries',
    )
    await expect(
      runIn(
        nodeRuntime,
        trace((x, i) => gather(x, i), given),
        given,
      ),
    ).rejects.toThrow(/indices element out of/)
  })

  it('names the dtype and the axis', () => {
    expect(() => gather(tensor([1]), tensor([0]))).toThrow('gather: the indices is float32 but must be int32')
    expect(() => gather(tensor([1]), constant(Int32Array.of(0), [1], 'int32'), 1)).toThrow(
      'gather: there is no axis 1 in 1 dimensions; give one from -1 to 0',
    )
    expect(() => gather(tensor(1), constant(Int32Array.of(0), [1], 'int32'))).toThrow('gather: there is no axis 0')
  })
})

describe('oneHot', () => {
  it('values, with labels outside as rows of zeros', () =>
    holdsFor(
      shapes({ maxRank: 2 }).chain((shape) => wholes(shape, -1, 4)),
      (labels) => expectSound((t) => oneHot(t, 4), [labels]),
    ))

  it('has its 1 at the label', () => {
    const [rows] = evaluate((t) => oneHot(t, 3), [whole([3], [2, 0, 5])])
    expect(rows?.shape).toEqual([3, 3])
    expect(Array.from(rows?.data ?? [])).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0])
  })

  it('names the dtype and a depth that is none', () => {
    expect(() => oneHot(tensor([0]), 3)).toThrow('oneHot: the labels is float32 but must be int32; use cast(x, dtype)')
    const labels = constant(Int32Array.of(0), [1], 'int32')
    for (const depth of [0, 1.5]) expect(() => oneHot(labels, depth)).toThrow(`oneHot: depth ${depth} must be`)
    expect(() => add(oneHot(labels, 3), tensor([1, 2]))).toThrow('[1, 3] and [2]')
  })
})
