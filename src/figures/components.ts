import type { TopLevelSpec } from 'vega-lite'
import type { PcaState } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { formatShape } from '../tensor/index.ts'
import { type Figure, INK, plotted, STYLE } from './figure.ts'
import { diverging } from './filterGrid.ts'
import { encodePng, type Rgb } from './raster.ts'

export interface ComponentsOptions {
  /** At most so many components, from the first (default 20). */
  readonly limit?: number
}

/** Height of one picture, and the room for words under it, in pixels of the figure. */
const [PICTURE, WORDS, GAP] = [84, 22, 8]

/**
 * Principal components of images as pictures, with their shares of the variance. Grey images: blue where a component takes
 * away, orange where it adds, white where it does nothing; colour images: grey where it does nothing. One scale for all.
 *
 * @param state - what `pca` has learnt: `pcaState(fitted)`
 * @throws UsageError when the samples are no images of 1 or 3 channels
 *
 * @example
 * const [fitted] = prepared.transforms
 * const state = fitted && pcaState(fitted)
 * if (state) await saveFigure(run, 'components', await componentsFigure(state))
 */
export async function componentsFigure(state: PcaState, { limit = 20 }: ComponentsOptions = {}): Promise<Figure> {
  const { shape, ratios, variances } = state
  const [channels = 0, height = 0, width = 0] = shape
  if (shape.length !== 3 || (channels !== 1 && channels !== 3))
    throw new UsageError(
      `components of samples ${formatShape(shape)} are no pictures: give those of images, [1, height, width] or [3, height, width]`,
    )
  const { data } = state.components
  const shown = Math.min(limit, ratios.length)
  const size = channels * height * width
  const largest = data.subarray(0, shown * size).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scaled = (value: number) => (largest > 0 ? value / largest : 0)
  const rows = ratios.slice(0, shown).map((share, i) => {
    const own = data.subarray(i * size, (i + 1) * size)
    const [smallest, most] = own.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [0, 0])
    return { component: i + 1, share, variance: variances[i] ?? 0, smallest: smallest ?? 0, largest: most ?? 0 }
  })
  const columns = Math.min(shown, Math.max(4, Math.ceil(Math.sqrt(shown * 1.6))))
  const scale = PICTURE / height
  const [stepX, stepY] = [Math.max(Math.round(width * scale), 56) + GAP, PICTURE + WORDS + GAP]
  const pictures = await Promise.all(
    rows.map(async ({ component, share }, i) => ({
      x: (i % columns) * stepX + (stepX - GAP) / 2,
      y: Math.floor(i / columns) * stepY + PICTURE / 2,
      caption: `${component}: ${(100 * share).toFixed(1)} %`,
      url: await pictureOf(data.subarray(i * size, (i + 1) * size), { channels, height, width }, scaled),
    })),
  )
  const [figureWidth, figureHeight] = [columns * stepX - GAP, Math.ceil(shown / columns) * stepY - GAP]
  const at = (field: string, range: number, offset = 0) => ({
    field,
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: [-offset, range - offset], nice: false, zero: false, ...(field === 'y' && { reverse: true }) },
  })
  const position = { x: at('x', figureWidth), y: at('y', figureHeight) }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `Principal components and their shares of the variance`,
    data: { values: pictures },
    width: figureWidth,
    height: figureHeight,
    layer: [
      {
        mark: { type: 'image', smooth: false, width: Math.round(width * scale), height: PICTURE },
        encoding: { ...position, url: { field: 'url', type: 'nominal' } },
      },
      {
        mark: { type: 'text', dy: PICTURE / 2 + WORDS / 2, fontSize: 11, color: INK.text },
        encoding: { ...position, text: { field: 'caption', type: 'nominal' } },
      },
      ...(channels === 1 ? [legendOf(largest)] : []),
    ],
    config: STYLE,
  }
  const [first] = rows
  const alt = `The first ${shown} of ${ratios.length} principal components as pictures; the first holds ${percent(first?.share ?? 0)} of the variance, all shown together ${percent(rows.reduce((sum, { share }) => sum + share, 0))}.`
  return plotted({ spec, rows, alt })
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Where the scale of the colours has corners, as shares of the largest weight. */
const STOPS = [-1, -0.5, 0, 0.5, 1]

/** Nothing but the scale of the colours. */
const legendOf = (largest: number) => ({
  data: { values: [{ weight: 0 }] },
  mark: { type: 'point' as const, opacity: 0 },
  encoding: {
    color: {
      field: 'weight',
      type: 'quantitative' as const,
      scale: {
        domain: STOPS.map((value) => value * largest),
        range: STOPS.map((value) => `rgb(${diverging(value).join()})`),
        interpolate: 'rgb' as const,
      },
      legend: { title: 'weight of a pixel', orient: 'right' as const, gradientLength: 120, tickCount: 5 },
    },
  },
})

async function pictureOf(
  values: Float32Array,
  { channels, height, width }: { readonly channels: number; readonly height: number; readonly width: number },
  scaled: (value: number) => number,
): Promise<string> {
  const plane = height * width
  const pixels = new Uint8Array(plane * 3)
  for (let i = 0; i < plane; i++) {
    const color: Rgb =
      channels === 1
        ? diverging(scaled(values[i] ?? 0))
        : [grey(values[i]), grey(values[i + plane]), grey(values[i + 2 * plane])]
    pixels.set(color, i * 3)
  }
  return `data:image/png;base64,${Buffer.from(await encodePng({ width, height, pixels })).toString('base64')}`

  function grey(value = 0): number {
    return Math.round(127.5 * (1 + scaled(value)))
  }
}
