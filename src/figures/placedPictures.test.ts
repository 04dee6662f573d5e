import { expect, it } from 'vitest'
import { placedPictures } from './placedPictures.ts'

/** A plane of 400 × 400 pixels, a pixel being 1. */
const axis = { domain: [-200, 200], step: 1 } as const
const plane = { x: axis, y: axis }
const point = (x: number, y: number, more = {}) => ({ x, y, class: 'a', thumbnail: 'data:', ...more })
const name = { class: 'a', x: 0, y: 0 }

it('puts a picture at its point where there is room', () => {
  const own = point(50, 60)
  expect(placedPictures([own], [name], plane)).toEqual([{ point: own, at: { x: 50, y: 60 } }])
})

it('puts the first of a class beside a name that it would lie under, inside the axes and off other points', () => {
  const own = point(0, 0)
  const others = [20, 30, 36, 40, 50].map((x) => ({ x, y: 0, class: 'a' }))
  const [placed] = placedPictures([own, ...others], [name], plane)
  expect(placed?.point).toBe(own)
  // To the right there are points, and the next direction is half way up.
  expect(placed?.at.x).toBeCloseTo(36 * Math.SQRT1_2)
  expect(placed?.at.y).toBeCloseTo(36 * Math.SQRT1_2)
  const [atEdge] = placedPictures([point(190, 0)], [{ ...name, x: 190 }], plane)
  expect(atEdge?.at.x).toBeLessThan(200 - 12)
})

it('leaves out pictures that would lie on others, unless they are marked', () => {
  const points = [point(80, 0), point(90, 0), point(85, 5, { isMarked: true })]
  const placed = placedPictures(points, [name], plane)
  // The marked one first, at its place; the first of the class beside it; the other not at all.
  expect(placed.map((one) => one.point)).toEqual([points[2], points[0]])
  expect(placed[0]?.at).toEqual({ x: 85, y: 5 })
  expect(Math.max(Math.abs((placed[1]?.at.x ?? 0) - 85), Math.abs((placed[1]?.at.y ?? 0) - 5))).toBeGreaterThanOrEqual(
    30,
  )
  expect(placedPictures(points, [], plane)).toHaveLength(1)
})
