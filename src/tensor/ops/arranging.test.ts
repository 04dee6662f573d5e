import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, realsOf, shapes, size } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, real, whole } from '../../testing/check.ts'
import { flip, type PadMode, pad, placeholder, repeat, split, squeeze, stack, tile, unsqueeze } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const shapeAndAxis = shapes({ minRank: 1 }).chain((shape) => fc.tuple(reals(shape), size(shape.length - 1, 0)))

describe('values and gradients', () => {
  it('flip, squeeze, unsqueeze, split, repeat and tile', () =>
    holdsFor(
      shapeAndAxis,
      ([x, axis]) =>
        expectSound(
          (t) => [
            flip(t),
            flip(t, [axis]),
            squeeze(t),
            unsqueeze(t, axis),
            unsqueeze(t, -1),
            ...split(t, 2, axis),
            repeat(t, 3, axis),
            tile(
              t,
              t.shape.map((_, i) => i + 1),
            ),
          ],
          [x],
        ),
      8,
    ))

  it('stack', () =>
    holdsFor(
      realsOf([2, 3], [2, 3]),
      (given) => expectSound((a, b) => [stack([a, b]), stack([a, b, a], -1)], given),
      3,
    ))

  it.each(['reflect', 'edge', 'circular', 'constant'] as const)('pad, %s', (mode) =>
    holdsFor(
      fc.tuple(
        reals([3, 2, 4]),
        fc.array(size(1, 0), { minLength: 3, maxLength: 3 }),
        fc.tuple(size(2, 0), size(1, 0), size(3, 0)),
      ),
      ([x, before, after]) => expectSound((t) => pad(t, { before, after, mode }), [x]),
      5,
    ),
  )
})

const rowOf = (fn: (x: ReturnType<typeof of>) => ReturnType<typeof of>, ...data: number[]) =>
  Array.from(evaluate(fn, [real([data.length], data)])[0]?.data ?? [])

it('what each means', async () => {
  const padded = (mode: PadMode) => rowOf((x) => pad(x, { before: [2], after: [1], mode }), 1, 2, 3)
  expect(padded('reflect')).toEqual([3, 2, 1, 2, 3, 2])
  expect(padded('edge')).toEqual([1, 1, 1, 2, 3, 3])
  expect(padded('circular')).toEqual([2, 3, 1, 2, 3, 1])
  expect(rowOf((x) => tile(x, [2]), 1, 2)).toEqual([1, 2, 1, 2])
  expect(rowOf((x) => repeat(x, 2), 1, 2)).toEqual([1, 1, 2, 2])
  await expectAgreement((x) => [flip(x), stack([x, x], 1), ...split(x, [1, 2])], [whole([3], [1, 2, 3])])
})

it('names what does not fit', () => {
  expect(() => pad(of(2, 3), { before: [0, 3], after: [0, 0], mode: 'reflect' })).toThrow(
    "pad: mode 'reflect' has at most 2 entries to put around axis 1 of [2, 3], not 3",
  )
  expect(() => pad(of(2), { before: [1], after: [], mode: 'edge' })).toThrow(
    'pad: [1] before and [] after do not fit [2]',
  )
  expect(() => pad(of(2), { before: [1], after: [0], mode: 'edge', value: 1 })).toThrow("mode 'edge' takes no value")
  expect(() => squeeze(of(2, 1), [0])).toThrow('squeeze: axis 0 of [2, 1] has 2 entries; only axes of 1 can go')
  expect(() => unsqueeze(of(2), 2)).toThrow('unsqueeze: there is no axis 2')
  expect(() => stack([])).toThrow('stack: needs at least one tensor')
  expect(() => stack([of(2), of(3)])).toThrow('stack: [2] and [3] differ')
  for (const sizes of [0, 1.5, [1, 1], [2, 2], [4, -1]])
    expect(() => split(of(3), sizes)).toThrow(
      `split: parts of ${[sizes].flat().join(', ')} do not make up axis 0 of [3]`,
    )
  expect(() => tile(of(2), [1, 2])).toThrow('tile: [1, 2] must have one number for each axis of [2]')
  expect(() => repeat(of(2), 0)).toThrow('repeat: 0 times is not possible')
})
