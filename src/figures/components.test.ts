import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import '../index.ts'
import { type PcaState, pca, pcaState } from '../data/index.ts'
import { learnt, samplesOf } from '../testing/transforms.ts'
import { componentsFigure, toSvg } from './index.ts'

/** Two components of pictures of 1 × 2 pixels, with these weights. */
const state = (channels: number, ...weights: readonly number[]): PcaState => ({
  shape: [channels, 1, 2],
  samples: 9,
  whiten: false,
  variances: [3, 1],
  ratios: [0.6, 0.2],
  mean: { shape: [2 * channels], data: new Float32Array(2 * channels) },
  components: { shape: [2, 2 * channels], data: Float32Array.from(weights) },
})

/** Colours of the pictures in an SVG, pixel by pixel. */
async function pictures(svg: string): Promise<number[][]> {
  const urls = [...svg.matchAll(/<image[^>]*?base64,([A-Za-z0-9+/=]+)/g)].map(([, base64 = '']) => base64)
  return Promise.all(urls.map(async (base64) => [...(await sharp(Buffer.from(base64, 'base64')).raw().toBuffer())]))
}

describe('componentsFigure', () => {
  it('draws grey components blue and orange on one scale, and says their shares', async () => {
    const { spec, rows, alt } = await componentsFigure(state(1, 0, 0.5, -1, 0))
    const svg = await toSvg(spec)
    expect(await pictures(svg)).toEqual([
      [255, 255, 255, 253, 184, 99],
      [33, 102, 172, 255, 255, 255],
    ])
    for (const text of ['1: 60.0 %', '2: 20.0 %', 'weight of a pixel', 'Principal components and their shares'])
      expect(svg).toContain(text)
    expect(rows).toEqual([
      { component: 1, share: 0.6, variance: 3, smallest: 0, largest: 0.5 },
      { component: 2, share: 0.2, variance: 1, smallest: -1, largest: 0 },
    ])
    expect(alt).toBe(
      'The first 2 of 2 principal components as pictures; the first holds 60.0 % of the variance, all shown together 80.0 %.',
    )
  })

  it('draws colour around grey, and no more than the limit', async () => {
    // Red, green and blue planes of two pixels each.
    const figure = await componentsFigure(state(3, 1, 0, -1, 0, 0, 0.5, ...Array(6).fill(0)), { limit: 1 })
    expect(await pictures(await toSvg(figure.spec))).toEqual([[255, 0, 128, 128, 128, 191]])
    expect(figure.rows).toHaveLength(1)
  })

  it('takes what pca has learnt, and refuses samples that are no images', async () => {
    const fitted = await learnt(pca({ components: 1 }), samplesOf(Uint8Array.of(0, 0, 9, 9, 4, 4, 1, 2), [1, 1, 2]))
    const own = pcaState(fitted)
    expect(own && (await componentsFigure(own)).rows).toHaveLength(1)
    await expect(componentsFigure({ ...state(1, 1, 0, 0, 1), shape: [2] })).rejects.toThrow(
      'components of samples [2] are no pictures',
    )
  })
})
