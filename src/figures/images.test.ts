import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { diverging } from './filterGrid.ts'
import { filterGrid, imageGridPng } from './index.ts'

async function pixels(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  return {
    width: info.width,
    height: info.height,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  }
}

describe('imageGridPng', () => {
  it('enlarges by whole pixels, with gaps', async () => {
    const images = [0, 100, 200].map((value) => ({ data: new Uint8Array([value, 255]), shape: [1, 1, 2] as const }))
    const png = await pixels(await imageGridPng(images, { columns: 2, scale: 3, gap: 1, background: [9, 9, 9] }))
    expect([png.width, png.height]).toEqual([1 + 2 * 7, 1 + 2 * 4])
    expect(png.at(0, 0)).toEqual([9, 9, 9])
    expect([png.at(1, 1), png.at(3, 3), png.at(4, 1)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [255, 255, 255],
    ])
    expect([png.at(8, 1), png.at(1, 5)]).toEqual([
      [100, 100, 100],
      [200, 200, 200],
    ])
  })

  it('draws colour from channels-first floats, over a shared or an own range', async () => {
    const images = [1, 2].map((v) => ({ data: new Float32Array([0, v, v / 2]), shape: [3, 1, 1] as const }))
    const options = { columns: 2, scale: 1, gap: 0 }
    const shared = await pixels(await imageGridPng(images, options))
    expect([shared.at(0, 0), shared.at(1, 0)]).toEqual([
      [0, 128, 64],
      [0, 255, 128],
    ])
    const each = await pixels(await imageGridPng(images, { ...options, range: 'each' }))
    expect(each.at(0, 0)).toEqual([0, 255, 128])
    const given = await pixels(await imageGridPng(images, { ...options, range: [0, 1] }))
    expect(given.at(1, 0)).toEqual([0, 255, 255])
  })

  it('makes room for captions, and refuses what is no image', async () => {
    const image = { data: new Uint8Array(4), shape: [1, 2, 2] as const, caption: 'true <7> & seen 1' }
    const { width, height } = await pixels(await imageGridPng([image], { scale: 4 }))
    expect(width).toBeGreaterThan(100)
    expect(height).toBe(2 * 4 + 18 + 4)
    await expect(imageGridPng([])).rejects.toThrow('at least one image')
    await expect(imageGridPng([{ data: new Uint8Array(3), shape: [2, 1, 1] }])).rejects.toThrow(
      '[2, 1, 1] with 3 values',
    )
    await expect(imageGridPng([image], { scale: 0.5 })).rejects.toThrow('scale of the image grid is 0.5')
  })
})

describe('filterGrid', () => {
  it('draws zero white, on one scale around it for all filters', async () => {
    const weights = { data: new Float32Array([0, 0.5, -1, 0.25]), shape: [2, 2, 1, 1] as const }
    const { png, range, shown, total } = await filterGrid(weights, { scale: 1 })
    expect({ range, shown, total }).toEqual({ range: [-1, 1], shown: 2, total: 2 })
    const image = await pixels(png)
    expect(image.at(2, 2)).toEqual([255, 255, 255])
    expect(image.at(2, 5)).toEqual([...diverging(-1)])
    expect(image.at(5, 2)).toEqual([...diverging(0.5)])
  })

  it('draws at most the limit, all-zero weights too, and refuses a shape that does not fit', async () => {
    const shape = [5, 1, 3, 3] as const
    expect(await filterGrid({ data: new Float32Array(45), shape }, { limit: 2 })).toMatchObject({ shown: 2, total: 5 })
    await expect(filterGrid({ data: new Float32Array(44), shape })).rejects.toThrow('[5, 1, 3, 3] have 44')
  })

  it('maps the ends and the middle of the scale', () => {
    expect([-2, -1, 0, 1, Number.NaN].map((v) => diverging(v).join())).toEqual([
      '33,102,172',
      '33,102,172',
      '255,255,255',
      '179,88,6',
      '0,0,0',
    ])
  })
})
