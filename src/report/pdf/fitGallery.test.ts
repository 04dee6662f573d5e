import { expect, it } from 'vitest'
import type { Picture } from '../document.ts'
import { fitGallery, TILE_GAP } from './fitGallery.ts'
import { geometryOf, roomOf } from './geometry.ts'

const svg = (width: number, words: number): Picture => ({
  svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${width / 2}"><text font-size="${words}">a</text></svg>`,
  alt: 'a',
})
const paper = geometryOf({}, false)

it('sets thumbnails small, in rows', () => {
  const { across, tiles } = fitGallery(Array(9).fill(svg(60, 20)), paper, false)
  expect(across).toBe(6)
  expect(tiles).toHaveLength(9)
  expect(tiles[0]).toMatchObject({ width: 45, height: 22.5 })
})

it('sets as many charts beside each other as can be read, within the room', () => {
  const across = [24, 12, 11, 7].map((words) => fitGallery(Array(4).fill(svg(400, words)), paper, false).across)
  expect(across).toEqual(across.toSorted((a, b) => b - a))
  expect(across[0]).toBe(4)
  expect(across.at(-1)).toBe(1)
  for (const words of [24, 12, 11]) {
    const { across: count, tiles } = fitGallery(Array(4).fill(svg(400, words)), paper, false)
    const row = tiles.slice(0, count).reduce((sum, { width }) => sum + width, (count - 1) * TILE_GAP)
    expect(row).toBeLessThanOrEqual(roomOf(paper).whole + 1e-6)
    expect(tiles[0]?.width).toBeGreaterThan(62)
  }
})

it('keeps within a column', () => {
  const columns = geometryOf({ columns: 2 }, false)
  const { across, tiles } = fitGallery([svg(400, 16), svg(400, 16)], columns, false)
  const row = tiles.slice(0, across).reduce((sum, { width }) => sum + width, (across - 1) * TILE_GAP)
  expect(row).toBeLessThanOrEqual(roomOf(columns).column + 1e-6)
})
