import { describe, expect, it } from 'vitest'
import { fitPicture, isReadable, withWords } from './fitPicture.ts'
import { geometryOf, roomOf } from './geometry.ts'

const one = geometryOf({ columns: 1 }, false)
const two = geometryOf({ columns: 2 }, false)
/** Pixels, of which 96 are an inch. */
const drawn = (width: number, height: number, words?: number) => ({
  svg: `<svg width="${width}" height="${height}">${words === undefined ? '' : `<text font-size="${words}px">a</text>`}</svg>`,
  alt: 'a',
})

describe('the size of a picture on paper', () => {
  it('is its own where it fits and its words can be read', () => {
    expect(fitPicture(drawn(400, 300, 11), one)).toMatchObject({ width: 300, height: 225, growth: 1, smallest: 8.25 })
  })

  it('is so small that two stand on a page, as long as their words can be read', () => {
    const { height, growth, smallest } = fitPicture(drawn(500, 500, 11), one)
    expect(height).toBeCloseTo(0.42 * roomOf(one).height)
    expect([growth, smallest >= 6.5]).toEqual([1, true])
    const { height: high, growth: more, smallest: least } = fitPicture(drawn(500, 600, 8), one)
    expect(high).toBeGreaterThan(0.42 * roomOf(one).height)
    expect([more, least]).toEqual([expect.closeTo(1.2), expect.closeTo(6.5)])
  })

  it('is a column of two where its words, a little larger, can be read there; else it goes over both', () => {
    const narrow = fitPicture(drawn(460, 300, 11), two)
    expect(narrow).toMatchObject({ isWide: false, width: expect.closeTo(roomOf(two).column) })
    expect(narrow.growth).toBeGreaterThan(1)
    expect(isReadable(narrow)).toBe(true)
    const wide = fitPicture(drawn(762, 500, 11), two)
    expect(wide.isWide).toBe(true)
    expect(wide.width).toBeGreaterThan(roomOf(two).column)
    expect(isReadable(wide)).toBe(true)
    expect(fitPicture(drawn(200, 100, 11), two, { isWide: true }).isWide).toBe(true)
    expect(fitPicture(drawn(900, 500), two).isWide).toBe(false)
  })

  it('is the share of the column that its author wants, but over both where it could not be read', () => {
    expect(fitPicture(drawn(400, 300, 11), one, { share: 0.5 }).width).toBeCloseTo(roomOf(one).whole / 2)
    expect(fitPicture(drawn(400, 300, 11), two, { share: 0.5 })).toMatchObject({
      isWide: true,
      width: expect.closeTo(roomOf(two).whole / 2),
    })
  })

  it('is not enough where there are too many words', () => {
    expect(isReadable(fitPicture(drawn(1400, 900, 11), one))).toBe(false)
  })

  it('sets words larger, in the font that is there', () => {
    expect(withWords('<text font-family="Helvetica, Arial, sans-serif" font-size="10px">', 1.2)).toBe(
      '<text font-family="Arimo" font-size="12.00px">',
    )
  })
})
