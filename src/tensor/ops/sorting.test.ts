import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, shapes, size, wholes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, real, whole } from '../../testing/check.ts'
import {
  argMin,
  argSort,
  constant,
  cumSum,
  embedding,
  gatherElements,
  placeholder,
  scatterAdd,
  scatterElements,
  sort,
  topK,
} from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const places = (...shape: number[]) => placeholder('i', { dtype: 'int32', shape })
const shapeAndAxis = shapes({ minRank: 1 }).chain((shape) => fc.tuple(fc.constant(shape), size(shape.length - 1, 0)))

describe('element by element', () => {
  it('gatherElements and scatterElements: values and gradients, with repeated indices and smaller axes', () =>
    holdsFor(
      shapeAndAxis.chain(([shape, axis]) =>
        fc
          .tuple(...shape.map((length, i) => size(i === axis ? 5 : length)))
          .chain((picked) =>
            fc.tuple(
              fc.constant(axis),
              reals(shape),
              wholes(picked, 0, (shape[axis] ?? 1) - 1),
              reals(picked, { odd: true }),
            ),
          ),
      ),
      ([axis, ...given]) =>
        expectSound(
          (x, i, updates) => [gatherElements(x, i, axis), scatterElements(x, i, updates, axis - x.shape.length)],
          given,
        ),
      20,
    ))

  it('embedding and scatterAdd are each other’s transposes', () =>
    holdsFor(
      fc.tuple(reals([4, 3]), wholes([2, 5], 0, 3), reals([2, 5, 3])),
      (given) => expectSound((table, i, rows) => [embedding(table, i), scatterAdd(rows, i, [4, 3])], given),
      6,
    ))

  it('names what does not fit', () => {
    expect(() => gatherElements(of(2, 3), places(3, 3), 1)).toThrow(
      'gatherElements: indices of shape [3, 3] do not fit [2, 3]',
    )
    expect(() => gatherElements(of(2), of(2))).toThrow('gatherElements: the indices is float32 but must be int32')
    expect(() => scatterElements(of(2), places(2), of(3))).toThrow('must have one shape')
    expect(() => evaluate((x, i) => gatherElements(x, i), [real([2], [1, 2]), whole([1], [2])])).toThrow(
      'gatherElements: index 2 is outside axis 0, which has 2 entries',
    )
    expect(() => embedding(of(3), places(2))).toThrow(
      'embedding: the table has shape [3] but must be [entries, features]',
    )
    expect(() => scatterAdd(of(2, 4), places(2), [5, 3])).toThrow('scatterAdd: values of shape [2, 4] do not fit')
  })
})

describe('cumSum', () => {
  it('values and gradients, exclusive and reversed', () =>
    holdsFor(
      shapeAndAxis.chain(([shape, axis]) =>
        fc.tuple(reals(shape), fc.record({ axis: fc.constant(axis), exclusive: fc.boolean(), reverse: fc.boolean() })),
      ),
      ([x, options]) => expectSound((t) => cumSum(t, options), [x]),
      20,
    ))

  it('whole numbers stay whole', () => expectAgreement((x) => cumSum(x), [whole([2, 3], [1, 2, 3, 4, 5, 6])]))
})

describe('order', () => {
  it('topK, sort, argSort and argMin: values, gradients and indices', () =>
    holdsFor(
      shapeAndAxis.chain(([shape, axis]) =>
        fc.tuple(reals(shape), fc.constant(axis), size(shape[axis] ?? 1), fc.boolean()),
      ),
      ([x, axis, k, largest]) =>
        expectSound(
          (t) => [
            ...Object.values(topK(t, k, { axis, largest })),
            sort(t, { axis, descending: largest }),
            argSort(t, { axis }),
            argMin(t, axis),
          ],
          [x],
        ),
      20,
    ))

  it('equal entries stay in their order, native too', async () => {
    const given = [whole([7], [2, 1, 2, 1, 3, 1, 2])]
    const fn = (x: Parameters<typeof sort>[0]) => [argSort(x), argSort(x, { descending: true }), argMin(x), sort(x)]
    await expectAgreement(fn, given)
    const found = evaluate(fn, given).map(({ data }) => Array.from(data))
    expect(found).toEqual([[1, 3, 5, 0, 2, 6, 4], [4, 0, 2, 6, 1, 3, 5], [1], [1, 1, 1, 2, 2, 2, 3]])
  })

  it('names what does not fit', () => {
    for (const k of [0, 4, 1.5])
      expect(() => topK(of(2, 3), k)).toThrow(`topK: k is ${k}, but axis 1 of [2, 3] has 3 entries`)
    expect(() => sort(of(2), { axis: 1 })).toThrow('sort: there is no axis 1')
    expect(() => topK(constant(Uint8Array.of(1), [1], 'uint8'), 1)).toThrow('topK: the input is uint8')
  })
})
