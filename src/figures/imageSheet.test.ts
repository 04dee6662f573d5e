import { describe, expect, it } from 'vitest'
import { INK } from './figure.ts'
import { imageSheet, thumbnail } from './index.ts'

const image = (height: number, width: number, caption?: string) => ({
  data: new Uint8Array(height * width).fill(200),
  shape: [1, height, width] as const,
  ...(caption !== undefined && { caption }),
})
const sizes = (svg: string): string[] =>
  Array.from(svg.matchAll(/<image [^>]*width="(\d+)" height="(\d+)"/g), ([, width, height]) => `${width}x${height}`)

describe('imageSheet', () => {
  it('labels rows of any length, with words in the ink of figures and nothing behind them', async () => {
    const svg = await imageSheet([
      { label: 'a <b>', images: [image(28, 28), image(28, 28)] },
      { label: 'c', images: [image(28, 28)] },
    ])
    expect(sizes(svg)).toEqual(['56x56', '56x56', '56x56'])
    expect(svg).toContain(`fill="${INK.text}">a &lt;b&gt;<`)
    expect(svg).not.toContain('<rect')
    const [first, second, third] = Array.from(svg.matchAll(/<image x="([\d.]+)"/g), ([, x]) => Number(x))
    expect(second).toBeGreaterThan(first ?? 0)
    expect(third).toBe(first)
  })

  it('reduces large images by a whole factor, and writes captions under them', async () => {
    const svg = await imageSheet([{ images: [image(300, 150, 'a name that is longer than its picture')] }], {
      height: 50,
    })
    expect(sizes(svg)).toEqual(['50x100'])
    expect(svg).toContain('>a name that is longer t…<')
    await expect(imageSheet([])).rejects.toThrow('at least one image')
  })
})

describe('thumbnail', () => {
  it('is a PNG of at most so many pixels a side', async () => {
    const url = await thumbnail(image(96, 64), 28)
    expect(url).toMatch(/^data:image\/png;base64,/)
    const png = Buffer.from(url.split(',')[1] ?? '', 'base64')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 24])
  })
})
