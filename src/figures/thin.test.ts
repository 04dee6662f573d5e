import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extremes, thinned } from './thin.ts'

type Point = readonly [number, number]
const itself = (point: Point): Point => point

/** Height of a rising curve's line above x. */
function heightAt(points: readonly Point[], x: number): number {
  const k = Math.max(
    1,
    points.findIndex(([px]) => px >= x),
  )
  const [[ax, ay], [bx, by]] = [points[k - 1] ?? [0, 0], points[k] ?? [1, 1]]
  return bx === ax ? by : ay + ((by - ay) * (x - ax)) / (bx - ax)
}

describe('thinned', () => {
  it('drops what lies on a straight line exactly, and keeps corners', () => {
    const stairs: Point[] = [
      [0, 0],
      [0, 0.25],
      [0, 0.5],
      [0.5, 0.5],
      [0.75, 0.5],
      [1, 1],
    ]
    expect(thinned(stairs, itself, 0)).toEqual([
      [0, 0],
      [0, 0.5],
      [0.75, 0.5],
      [1, 1],
    ])
  })

  it('leaves some hundred of 10,000 points, none moved by more than the tolerance', () => {
    const arc = Array.from({ length: 10_000 }, (_, i): Point => [i / 9999, Math.sqrt(i / 9999)])
    const few = thinned(arc, itself)
    expect(few.length).toBeLessThan(100)
    for (const [x, y] of arc) if (x > 0.1) expect(Math.abs(heightAt(few, x) - y)).toBeLessThan(2e-3)
  })

  it('keeps ends and order, and never adds a point', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 })), { minLength: 1 }),
        (points) => {
          const few = thinned(points, itself)
          expect(few[0]).toBe(points[0])
          expect(few.at(-1)).toBe(points.at(-1))
          expect(few.map((point) => points.indexOf(point))).toEqual(
            few.map((point) => points.indexOf(point)).toSorted((a, b) => a - b),
          )
        },
      ),
    )
  })
})

describe('extremes', () => {
  it('keeps the lowest and the highest of each stretch, in order', () => {
    expect(extremes([3, 1, 2, 5, 4, 6], (value) => value, 2)).toEqual([3, 1, 4, 6])
  })

  it('leaves short curves as they are, without what is no number', () => {
    expect(extremes([1, Number.NaN, 2], (value) => value, 2)).toEqual([1, 2])
  })

  it('loses no peak, and is never longer than two a stretch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })),
        fc.integer({ min: 1, max: 9 }),
        (values, bins) => {
          const kept = extremes(values, (value) => value, bins)
          expect(kept.length).toBeLessThanOrEqual(2 * bins)
          if (values.length === 0) return
          expect(Math.max(...kept)).toBe(Math.max(...values))
          expect(Math.min(...kept)).toBe(Math.min(...values))
        },
      ),
    )
  })
})
