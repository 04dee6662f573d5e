import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { conv2d, flatten, initialize, linear, relu, sequential } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import { cast } from '../../tensor/index.ts'
import { diverging } from '../filterGrid.ts'
import { toSvg } from '../render.ts'
import { deletionFigure } from './deletionFigure.ts'
import { objectivesOf } from './maximizePictures.ts'
import { saliencyBars } from './saliencyBars.ts'
import { saliencySheet, scaleOf } from './saliencySheet.ts'
import { saliencySignals } from './saliencySignals.ts'
import { sanityCurves } from './sanityFigures.ts'
import { smallBars } from './smallBars.ts'
import { smallSignals } from './smallSignals.ts'
import { tableSheet } from './tableSheet.ts'

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

describe('saliencySheet', () => {
  const image = { data: Uint8Array.of(0, 255, 100, 0), shape: [1, 2, 2], label: ['test 0'] }
  const map = (name: string, ...values: number[]) => ({ name, values: Float32Array.from(values) })

  it('draws every map on a scale of its own around zero, which is white', async () => {
    const maps = [map('gradient', -2, 0, 1, 2), map('occlusion', 100, -100, 0, 50)]
    const picture = await saliencySheet('What speaks for 7', [{ ...image, maps }])
    if (!('png' in picture)) throw new Error('a sheet is pixels')
    const found = await colours(picture.png)
    // 2 × 2 pixels, enlarged to 128: 64 pixels a side.
    for (const share of [-1, 0.5, 1]) expect(found.get(diverging(share).join())).toBeGreaterThanOrEqual(2 * 64 ** 2)
    expect(picture.rows).toEqual([
      { sample: 'test 0', method: 'gradient', sum: 1, min: -2, max: 2, scale: 2 },
      { sample: 'test 0', method: 'occlusion', sum: 50, min: -100, max: 100, scale: 100 },
    ])
  })

  it('lets a few outliers have the last colour', () => {
    const values = new Float32Array(1000).fill(1)
    values[3] = 1000
    expect(scaleOf(values)).toBe(1)
    expect(scaleOf(Float32Array.of(0, 0, -3))).toBe(3)
    expect(scaleOf(new Float32Array(4))).toBe(0)
  })

  it('refuses no sample, and a table without pictures', async () => {
    await expect(saliencySheet('nothing', [])).rejects.toThrow(UsageError)
    expect(() => tableSheet({ title: 'nothing', rows: [{ label: [], cells: [undefined] }] })).toThrow(UsageError)
  })
})

it('saliencySignals draws bars in parts of the largest, and the signal', async () => {
  const signal = Float32Array.of(0, 2, -4, 0)
  const { rows, spec } = saliencySignals('t', [
    { name: 'test 0 · is up', signal, maps: [{ name: 'gradient', values: Float32Array.of(1, 0, 0, -10) }] },
  ])
  expect(rows.map(({ signal: line, attribution, value }) => [line, attribution, value])).toEqual([
    [0, Math.fround(0.1), 1],
    [0.5, 0, 0],
    [-1, 0, 0],
    [0, -1, -10],
  ])
  const svg = await toSvg(spec)
  expect(svg).toContain('>gradient<')
  expect(svg).toContain('is up')
})

it('saliencyBars puts the features that methods find strongest first, missing values told', async () => {
  const values = Float32Array.of(1, Number.NaN, 3)
  const maps = [
    { name: 'gradient', values: Float32Array.of(0.1, -5, 1) },
    { name: 'occlusion', values: Float32Array.of(0, 200, 100) },
  ]
  const { rows, spec } = saliencyBars('t', ['a', 'b', 'c'], [{ name: 'row 3', values, maps }])
  expect(rows[1]).toEqual({ sample: 'row 3', method: 'gradient', feature: 'b', value: null, attribution: -5 })
  const svg = await toSvg(spec)
  const [b, c, a] = ['b missing', 'c = 3', 'a = 1'].map((label) => svg.indexOf(`>${label}<`))
  expect(b).toBeGreaterThan(0)
  expect(c).toBeGreaterThan(b ?? 0)
  expect(a).toBeGreaterThan(c ?? 0)
})

it('sanityCurves begins at 1 and names the layers from the output down', async () => {
  const step = { method: 'gradient' as const, rankCorrelation: 0.3, magnitudeCorrelation: 0.2, compared: 4 }
  const { rows, spec } = sanityCurves({
    steps: [
      { ...step, layer: 'fc', randomized: 1 },
      { ...step, layer: 'conv', randomized: 2, rankCorrelation: -0.1 },
    ],
  })
  expect(rows).toHaveLength(2)
  const svg = await toSvg(spec)
  expect(svg.indexOf('>fc<')).toBeLessThan(svg.indexOf('>conv<'))
  expect(svg).not.toContain('structural similarity')
})

it('deletionFigure has both ways in its numbers', async () => {
  const curves = { shares: [0, 1], deletion: [9, 1], insertion: [1, 9], areas: { deletion: 5, insertion: 5 } }
  const { rows, spec, alt } = deletionFigure([
    { name: 'gradient', ...curves },
    { name: 'by chance', isChance: true, ...curves },
  ])
  expect(rows).toHaveLength(8)
  expect(rows[0]).toMatchObject({ label: 'gradient', share: 0, output: 9 })
  expect(await toSvg(spec)).toContain('places put back: high is good')
  expect(alt).toContain('by chance 5.00 (deletion)')
})

it('small plots take signals as lines and short vectors as bars', async () => {
  const one = { row: 'channel 0', column: '1', note: '4.5', values: Float32Array.of(1, Number.NaN) }
  const other = { ...one, column: '2', values: Float32Array.of(3, 8) }
  const bars = smallBars('t', [one, other], ['age', 'fare'])
  expect(bars.rows.map(({ value }) => value)).toEqual([1, null, 3, 8])
  const svg = await toSvg(bars.spec)
  for (const text of ['>age<', '>missing<', '>4.5<']) expect(svg).toContain(text)
  const long = { ...one, values: new Float32Array(50) }
  expect(await toSvg(smallBars('t', [long], undefined).spec)).toContain('>feature<')
  expect(await toSvg(smallSignals('t', [{ ...other, from: 0, to: 1 }]).spec)).toContain('>place<')
})

it('objectivesOf takes channels and units of a layer, and its first channels where nothing is said', () => {
  const model = sequential(conv2d(3, 3), relu(), flatten(), linear(2))
  initialize(model, key(0), [1, 8, 8])
  const loaded = {
    network: { model, prepare: (x: Parameters<typeof cast>[0]) => cast(x, 'float32') },
    sample: [1, 8, 8],
  }
  expect(objectivesOf(loaded, undefined, {})).toBeUndefined()
  expect(objectivesOf(loaded, '1', {})).toEqual([0, 1, 2].map((index) => ({ kind: 'channel', layer: '1', index })))
  expect(objectivesOf(loaded, '0', { channels: [2], units: [7] })).toEqual([
    { kind: 'channel', layer: '0', index: 2 },
    { kind: 'unit', layer: '0', index: 7 },
  ])
  expect(() => objectivesOf(loaded, undefined, { channels: [1] })).toThrow('name it by --layer')
})
