import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import type { Activation } from '../inspect/index.ts'
import { conv1d, conv2d, relu } from '../nn/index.ts'
import { featureMaps, sequential } from './featureMaps.ts'
import { diverging } from './filterGrid.ts'
import { filterSheet } from './filterSheet.ts'

const of = (data: Float32Array, output: readonly number[], layer = conv2d(2, 1)): Activation => ({
  path: 'conv1',
  layer,
  input: [1, 2, 2],
  output,
  data,
})
const inputs = [
  { data: Uint8Array.of(0, 255, 128, 0), shape: [1, 2, 2], name: 'a.png', caption: ['a.png'] },
  { data: Uint8Array.of(255, 0, 0, 0), shape: [1, 2, 2], name: 'b.png', caption: ['b.png'] },
]
const signed = Float32Array.of(1, -2, 0, 0.5, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0)

/** How many pixels of a picture have each colour. */
async function colours(png: Uint8Array): Promise<Map<string, number>> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  const found = new Map<string, number>()
  for (let i = 0; i < data.length; i += info.channels) {
    const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`
    found.set(colour, (found.get(colour) ?? 0) + 1)
  }
  return found
}

describe('featureMaps', () => {
  it('draws every map on one diverging scale, each value a square of whole pixels', async () => {
    const { png, range } = await featureMaps(of(signed, [2, 2, 2]), inputs)
    expect(range).toEqual([-4, 4])
    const found = await colours(png)
    // Two channels become as high as their input, 144 pixels: 72 a value.
    for (const value of [1, -2, 0.5]) expect(found.get(diverging(value / 4).join())).toBeGreaterThanOrEqual(72 ** 2)
    // The largest value is in the legend too.
    expect(found.get(diverging(1).join())).toBeGreaterThanOrEqual(72 ** 2)
  })

  it('takes a scale from white up where nothing is negative', async () => {
    const { png, range, sentence } = await featureMaps(
      of(
        signed.map((v) => Math.max(0, v)),
        [2, 2, 2],
        relu(),
      ),
      inputs,
    )
    expect(range).toEqual([0, 4])
    const found = await colours(png)
    expect(found.get(sequential(1 / 4).join())).toBeGreaterThanOrEqual(72 ** 2)
    expect(found.has(diverging(-0.5).join())).toBe(false)
    expect(sentence).toBe(
      'conv1 makes 2 maps of 2 × 2 of each of 2 inputs, with values from 0 to 4, 81 % of them exactly 0; channel 0 answers most (mean magnitude 0.688) and channel 1 least (0); channel 1 is 0 everywhere.',
    )
  })

  it('has the numbers of every channel beside it, those that are not drawn too', async () => {
    const data = signed.map((value, i) => (i === 5 ? -1 : value))
    const { rows, png } = await featureMaps(of(data, [2, 2, 2]), inputs, { limit: 1 })
    expect(rows).toHaveLength(4)
    expect(rows[0]).toEqual({
      input: 'a.png',
      layer: 'conv1',
      channel: 0,
      mean: -0.125,
      magnitude: 0.875,
      min: -2,
      max: 1,
      zeros: 0.25,
    })
    const both = await featureMaps(of(data, [2, 2, 2]), inputs)
    const inChannel1 = diverging(-1 / 4).join()
    expect((await colours(both.png)).get(inChannel1)).toBeGreaterThanOrEqual(72 ** 2)
    expect((await colours(png)).get(inChannel1) ?? 0).toBeLessThan(72 ** 2)
  })

  it('draws sequences as strips, long ones by means', async () => {
    const long = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1 : 3))
    const input = { data: long, shape: [1, 4000], name: '0', caption: ['0'] }
    const { png, range } = await featureMaps(of(long, [1, 4000], conv1d(1, 1)), [input])
    expect(range).toEqual([0, 3])
    const { width = 0 } = await sharp(png).metadata()
    expect(width).toBeLessThan(2000)
    // Of three neighbours, either two are 1 and one 3 or the reverse.
    const found = await colours(png)
    expect(found.get(sequential(Math.fround(5 / 3) / 3).join())).toBeGreaterThan(5000)
    expect(found.get(sequential(Math.fround(7 / 3) / 3).join())).toBeGreaterThan(5000)
  })

  it('refuses what are no maps', async () => {
    await expect(featureMaps(of(signed, [16]), inputs.slice(1))).rejects.toThrow(UsageError)
    await expect(featureMaps(of(signed, [16]), inputs.slice(1))).rejects.toThrow('layer conv1 puts out [16]')
  })
})

it('the sequential scale gets darker all the way, so that it is read in grey', () => {
  const light = Array.from({ length: 101 }, (_, i) => {
    const [r, g, b] = sequential(i / 100)
    return 0.299 * r + 0.587 * g + 0.114 * b
  })
  expect(light[0]).toBeCloseTo(255)
  for (const [i, level] of light.entries()) if (i > 0) expect(level).toBeLessThan(light[i - 1] ?? 0)
})

describe('filterSheet', () => {
  it('draws filters on one scale around zero and measures them', async () => {
    const { png, rows, range, sentence } = await filterSheet('0', {
      shape: [2, 1, 1, 2],
      data: Float32Array.of(3, -4, 0, 1),
    })
    expect(range).toEqual([-4, 4])
    expect(rows[0]).toEqual({ layer: '0', filter: 0, channel: 0, mean: -0.5, norm: 5, min: -4, max: 3 })
    expect((await colours(png)).get(diverging(0.75).join())).toBeGreaterThanOrEqual(72 ** 2)
    expect(sentence).toContain('filter 0 is the largest (norm 5) and filter 1 the smallest (1)')
  })

  it('refuses weights that are no filters', async () => {
    await expect(filterSheet('fc', { shape: [2, 2], data: new Float32Array(4) })).rejects.toThrow(
      'the weights of fc are [2, 2]',
    )
  })
})
