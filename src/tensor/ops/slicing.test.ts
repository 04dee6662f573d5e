import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, realsOf, shapes, size } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, real, whole } from '../../testing/check.ts'
import { concat, constant, pad, placeholder, slice, tensor } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const countTo = (n: number) =>
  real(
    [n],
    Array.from({ length: n }, (_, i) => i + 1),
  )
const sliced = (options: Parameters<typeof slice>[1], n = 6) =>
  Array.from(evaluate((x) => slice(x, options), [countTo(n)])[0]?.data ?? [])

describe('slice', () => {
  it('values and gradients of strided boxes', () =>
    holdsFor(
      shapes({ minRank: 1, largest: 5 }).chain((shape) =>
        fc.tuple(
          reals(shape),
          fc.tuple(
            ...shape.map((axis) =>
              fc
                .tuple(fc.integer({ min: 0, max: axis - 1 }), size(axis), size(3))
                .map(([start, length, step]) => ({ start, end: Math.min(axis, start + length), step })),
            ),
          ),
        ),
      ),
      ([x, boxes]) =>
        expectSound(
          (t) =>
            slice(t, {
              starts: boxes.map(({ start }) => start),
              ends: boxes.map(({ end }) => end),
              steps: boxes.map(({ step }) => step),
            }),
          [x],
        ),
      20,
    ))

  it('counts from the end, cuts what is past it, and takes chosen axes', () => {
    expect(sliced({ starts: [-2], ends: [100] })).toEqual([5, 6])
    expect(sliced({ starts: [1], ends: [-1] })).toEqual([2, 3, 4, 5])
    expect(sliced({ starts: [0], ends: [6], steps: [4] })).toEqual([1, 5])
    expect(sliced({ starts: [-100], ends: [1] })).toEqual([1])
    expect(slice(of(2, 3, 4), { axes: [-1], starts: [1], ends: [3] }).shape).toEqual([2, 3, 2])
    const x = of(2, 3)
    expect(slice(x, { starts: [0, 0], ends: [2, 3] })).toBe(x)
  })

  it('names the axis that nothing is left of, and the step that is none', () => {
    expect(() => slice(of(2, 3), { axes: [1], starts: [2], ends: [2] })).toThrow(
      'slice: nothing is left of axis 1 (size 3) between 2 and 2',
    )
    expect(() => slice(of(3), { starts: [5], ends: [9] })).toThrow('slice: nothing is left of axis 0 (size 3)')
    for (const step of [0, -1, 1.5])
      expect(() => slice(of(3), { starts: [0], ends: [3], steps: [step] })).toThrow(
        `slice: step ${step} of axis 0 must be a whole number of at least 1`,
      )
    expect(() => slice(of(3), { starts: [0, 0], ends: [1, 1] })).toThrow('slice: there is no axis 1 in 1 dimensions')
  })
})

describe('pad', () => {
  it('values and gradients', () =>
    holdsFor(
      shapes({ minRank: 1 }).chain((shape) => {
        const counts = fc.tuple(...shape.map(() => fc.integer({ min: 0, max: 2 })))
        return fc.tuple(reals(shape), counts, counts, fc.constantFrom(0, 0.5, -3))
      }),
      ([x, before, after, value]) => expectSound((t) => pad(t, { before, after, value }), [x]),
    ))

  it('puts the value around', async () => {
    const options = { before: [1], after: [2], value: 9 }
    expect(Array.from(evaluate((x) => pad(x, options), [countTo(2)])[0]?.data ?? [])).toEqual([9, 1, 2, 9, 9])
    await expectAgreement((x) => pad(x, options), [whole([2], [1, 2])])
  })

  it('keeps infinities of either sign apart', () => {
    const padded = (value: number) => (x: ReturnType<typeof tensor>) => pad(x, { before: [1], after: [0], value })
    return expectAgreement((x) => [padded(-Infinity)(x), padded(Infinity)(x)], [real([1], [1])])
  })

  it('names what does not fit', () => {
    const message =
      /pad: \[.*\] before and \[.*\] after do not fit \[2, 3\]; give one count of at least 0 for each axis/
    expect(() => pad(of(2, 3), { before: [1], after: [1] })).toThrow(message)
    expect(() => pad(of(2, 3), { before: [0, -1], after: [0, 0] })).toThrow(message)
    expect(() => pad(of(2, 3), { before: [0, 0.5], after: [0, 0] })).toThrow(message)
  })
})

describe('concat', () => {
  it('values and gradients along any axis', () =>
    holdsFor(
      shapes({ minRank: 1 }).chain((shape) =>
        fc
          .tuple(fc.integer({ min: 0, max: shape.length - 1 }), fc.array(size(3), { minLength: 1, maxLength: 4 }))
          .chain(([axis, lengths]) =>
            fc.tuple(
              fc.constant(axis),
              realsOf(...lengths.map((length) => shape.map((own, i) => (i === axis ? length : own)))),
            ),
          ),
      ),
      ([axis, parts]) =>
        expectSound(
          (...tensors) => [concat(tensors, axis), concat(tensors, axis - (parts[0]?.type.shape.length ?? 0))],
          parts,
        ),
    ))

  it('may take one tensor twice', () => expectSound((x) => concat([x, x]), [countTo(3)]))

  it('names what differs', () => {
    expect(() => concat([])).toThrow('concat: needs at least one tensor')
    expect(() => concat([of(2, 3), of(2, 4)])).toThrow(
      'concat: [2, 3] and [2, 4] differ outside axis 0; all other sizes must be equal',
    )
    expect(() => concat([of(2), of(2, 1)])).toThrow('concat: [2] and [2, 1] differ')
    expect(() => concat([tensor([1]), constant(Int32Array.of(1), [1], 'int32')])).toThrow(
      'concat: mixes float32 and int32',
    )
    expect(() => concat([of(2), of(2)], 1)).toThrow('concat: there is no axis 1 in 1 dimensions')
  })
})
