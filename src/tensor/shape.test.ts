import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcastable, shapes } from '../testing/arbitraries.ts'
import {
  axisSize,
  broadcastShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  reducedShape,
  ShapeError,
  sameShape,
  sizeOf,
  stridesOf,
} from './shape.ts'

describe('sizes and strides', () => {
  it('of a few shapes', () => {
    expect(sizeOf([])).toBe(1)
    expect(sizeOf([2, 3, 4])).toBe(24)
    expect(sizeOf([2, 0])).toBe(0)
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1])
    expect(stridesOf([])).toEqual([])
    expect(axisSize([2], 5)).toBe(1)
    expect(formatShape([2, 3])).toBe('[2, 3]')
    expect(sameShape([2], [2, 1])).toBe(false)
  })

  it('the first stride times the first size is the number of elements', () => {
    fc.assert(
      fc.property(shapes({ minRank: 1 }), (shape) => {
        expect((stridesOf(shape)[0] ?? 0) * (shape[0] ?? 0)).toBe(sizeOf(shape))
      }),
    )
  })
})

describe('axes', () => {
  it('count from the end when negative, sorted and once each', () => {
    expect(normalizeAxis('op', -1, 3)).toBe(2)
    expect(normalizeAxes('op', [2, -1, 0], 3)).toEqual([0, 2])
    expect(normalizeAxes('op', undefined, 2)).toEqual([0, 1])
    expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3])
    expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1])
  })

  it.each([3, -4, 0.5, Number.NaN])('%d is none of three', (axis) => {
    expect(() => normalizeAxis('op', axis, 3)).toThrow(
      new ShapeError(`op: there is no axis ${axis} in 3 dimensions; give one from -3 to 2`),
    )
  })
})

describe('broadcasting', () => {
  it.each([
    [[2, 3], [3], [2, 3]],
    [
      [2, 1, 4],
      [3, 1],
      [2, 3, 4],
    ],
    [[], [5], [5]],
    [[1], [0], [0]],
  ])('%j and %j give %j', (a, b, expected) => {
    expect(broadcastShapes('op', a, b)).toEqual(expected)
    expect(broadcastShapes('op', b, a)).toEqual(expected)
  })

  it('is associative and holds each of its shapes', () => {
    fc.assert(
      fc.property(broadcastable(3), ([a = [], b = [], c = []]) => {
        const all = broadcastShapes('op', a, b, c)
        expect(broadcastShapes('op', broadcastShapes('op', a, b), c)).toEqual(all)
        for (const shape of [a, b, c]) expect(broadcastShapes('op', shape, all)).toEqual(all)
      }),
    )
  })

  it('names the shapes and the axis that differ', () => {
    expect(() => broadcastShapes('add', [2, 3], [4, 3])).toThrow(
      new ShapeError(
        'add: shapes [2, 3] and [4, 3] do not broadcast: counted from the end, axis 2 is 2 in one and 4 in another; sizes ' +
          'must be equal or 1',
      ),
    )
    expect(() => broadcastShapes('where', [2], [1], [3])).toThrow('where: shapes [2] and [1] and [3] do not broadcast')
  })
})
