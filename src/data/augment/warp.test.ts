import { describe, expect, it } from 'vitest'
import { type Movement, warper } from './warp.ts'

const still: Movement = {
  mirrored: false,
  upsideDown: false,
  part: 1,
  partX: 0,
  partY: 0,
  angle: 0,
  shiftX: 0,
  shiftY: 0,
}
/** A picture of one channel, moved. */
function moved(rows: readonly (readonly number[])[], movement: Partial<Movement>, fill = 0): number[][] {
  const [height, width] = [rows.length, rows[0]?.length ?? 0]
  const data = Float32Array.from(rows.flat())
  warper([1, height, width], fill)(data, 0, { ...still, ...movement })
  return rows.map((_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (value) => Math.round(value * 1e4) / 1e4),
  )
}
const picture = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]

describe('warper', () => {
  it('leaves an image that is not moved', () => {
    expect(moved(picture, {})).toEqual(picture)
  })

  it('shifts by whole pixels, right and down, left and up, and out of the picture', () => {
    expect(moved(picture, { shiftX: 1, shiftY: 2 }, -1)).toEqual([
      [-1, -1, -1],
      [-1, -1, -1],
      [-1, 1, 2],
    ])
    expect(moved(picture, { shiftX: -1, shiftY: -1 })).toEqual([
      [5, 6, 0],
      [8, 9, 0],
      [0, 0, 0],
    ])
    expect(moved(picture, { shiftX: 3 })).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ])
  })

  it('mirrors and turns upside down, before it shifts', () => {
    const [first, second, third] = picture.map((row) => row.toReversed())
    expect(moved(picture, { mirrored: true })).toEqual([first, second, third])
    expect(moved(picture, { upsideDown: true })).toEqual(picture.toReversed())
    expect(moved(picture, { mirrored: true, shiftX: 1 })).toEqual([
      [0, 3, 2],
      [0, 6, 5],
      [0, 9, 8],
    ])
  })

  it('turns clockwise around the middle', () => {
    expect(moved(picture, { angle: 90 })).toEqual([
      [7, 4, 1],
      [8, 5, 2],
      [9, 6, 3],
    ])
    expect(moved(picture, { angle: -90 })).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ])
    // What is not square turns around its middle too, and loses what falls off.
    expect(moved([[1, 2, 3]], { angle: 180 })).toEqual([[3, 2, 1]])
    expect(moved([[1, 2, 3]], { angle: 90 })).toEqual([[0, 2, 0]])
  })

  it('takes values between pixels: half a turn of 90 degrees by hand', () => {
    const half = Math.SQRT1_2
    const [[corner, edge] = [], [, middle] = []] = moved(
      [
        [0, 0, 0],
        [0, 8, 4],
        [0, 0, 0],
      ],
      { angle: -45 },
    ).map((row) => row.toReversed())
    expect(middle).toBe(8)
    // The pixel up and to the right of the middle comes from √2 to the right, beyond the edge by 0.41.
    expect(corner).toBeCloseTo(4 * (2 - Math.SQRT2), 3)
    // The one above comes from (half, half) away from the middle, on the right of it and above.
    expect(edge).toBeCloseTo((1 - half) * (8 * (1 - half) + 4 * half), 3)
  })

  it('enlarges a part', () => {
    const columns = [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]
    // Half of four columns, from the middle: places 0.75, 1.25, 1.75, 2.25.
    expect(moved(columns, { part: 0.5 })[1]).toEqual([0.75, 1.25, 1.75, 2.25])
    // From the right: one column further.
    expect(moved(columns, { part: 0.5, partX: 1 })[1]).toEqual([1.75, 2.25, 2.75, 2.25])
  })

  it('moves all channels alike, other images not at all, and rounds bytes', () => {
    const data = Uint8Array.of(9, 9, 10, 21, 30, 41, 9, 9)
    warper([2, 1, 2], 0)(data, 2, { ...still, part: 0.5 })
    // Places 0.25 and 0.75: 12.75, 18.25, 32.75, 38.25.
    expect([...data]).toEqual([9, 9, 13, 18, 33, 38, 9, 9])
  })
})
