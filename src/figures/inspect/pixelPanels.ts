import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { INK, PALETTE, STYLE, titled } from '../figure.ts'
import { encodePng } from '../raster.ts'
import { type ColourScale, colourOf, legendLayer } from './colourScale.ts'

/** One picture among others: a number a pixel. */
export interface PixelPanel {
  readonly lines: readonly string[]
  readonly height: number
  readonly width: number
  /** `[height, width]` */
  readonly values: ArrayLike<number>
  /** A rectangle that is drawn on it, in pixels. */
  readonly box?: { readonly top: number; readonly left: number; readonly height: number; readonly width: number }
}

export interface PixelPanelsOptions {
  readonly title: string
  readonly subtitle?: readonly string[]
  readonly scale: ColourScale
  /** Height of a picture in pixels of the figure, about; default 84. */
  readonly tall?: number
}

const [GAP, LINE, WIDE] = [12, 14, 900]

/** Strips of sequences are this high. */
const STRIP = 24

/**
 * Pictures side by side on one colour scale with a legend, pixels enlarged without anything made up between them.
 *
 * @throws UsageError where there is no picture
 */
export async function pixelPanels(panels: readonly PixelPanel[], options: PixelPanelsOptions): Promise<TopLevelSpec> {
  const { title, subtitle = [], scale, tall = 84 } = options
  const [first] = panels
  if (first === undefined) throw new UsageError('there is no picture to draw: give at least one')
  const isSequence = panels.every(({ height }) => height === 1)
  const most = Math.max(...panels.map(({ height, width }) => (isSequence ? width / 4 : Math.max(height, width))))
  const factor = tall / most
  const sized = panels.map((panel) => ({
    panel,
    wide: Math.max(8, Math.round(panel.width * factor)),
    high: isSequence ? STRIP : Math.max(8, Math.round(panel.height * factor)),
  }))
  const letters = Math.max(...panels.flatMap(({ lines }) => lines.map(({ length }) => length)))
  const cell = Math.max(...sized.map(({ wide }) => wide), letters * 6) + GAP
  const words = Math.max(...panels.map(({ lines }) => lines.length)) * LINE
  const columns = Math.max(1, Math.min(panels.length, Math.floor(WIDE / cell)))
  const step = Math.max(...sized.map(({ high }) => high)) + words + GAP
  const drawn = await Promise.all(
    sized.map(async ({ panel, wide, high }, i) => {
      const [x, y] = [(i % columns) * cell + (cell - GAP) / 2, Math.floor(i / columns) * step]
      return { panel, wide, high, x, y, url: await pictureOf(panel, scale) }
    }),
  )
  const [width, height] = [columns * cell - GAP, Math.ceil(panels.length / columns) * step - GAP]
  const at = (field: string, range: number) => ({
    field,
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: [0, range], nice: false, zero: false, ...(field.startsWith('y') && { reverse: true }) },
  })
  const position = { x: at('x', width), y: at('y', height) }
  const boxes = drawn.flatMap(({ panel: { box, ...panel }, wide, high, x, y }) =>
    box === undefined
      ? []
      : [
          {
            x: x - wide / 2 + (box.left / panel.width) * wide,
            x2: x - wide / 2 + ((box.left + box.width) / panel.width) * wide,
            y: y + (box.top / panel.height) * high,
            y2: y + ((box.top + box.height) / panel.height) * high,
          },
        ],
  )
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, subtitle),
    width,
    height,
    layer: [
      ...drawn.map(({ wide, high, x, y, url }) => ({
        data: { values: [{ x, y: y + high / 2, url }] },
        mark: { type: 'image' as const, smooth: false, aspect: false, width: wide, height: high },
        encoding: { ...position, url: { field: 'url', type: 'nominal' as const } },
      })),
      {
        data: {
          values: drawn.map(({ x, y, wide, high }) => ({ x: x - wide / 2, x2: x + wide / 2, y, y2: y + high })),
        },
        mark: { type: 'rect', fillOpacity: 0, stroke: INK.line, strokeWidth: 0.5 },
        encoding: { ...position, x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      ...(boxes.length === 0
        ? []
        : [
            {
              data: { values: boxes },
              mark: { type: 'rect' as const, fillOpacity: 0, stroke: PALETTE.blue, strokeWidth: 1.5 },
              encoding: { ...position, x2: { field: 'x2' }, y2: { field: 'y2' } },
            },
          ]),
      {
        data: {
          values: drawn.flatMap(({ x, y, high, panel: { lines } }) =>
            lines.map((text, l) => ({ x, y: y + high + (l + 0.75) * LINE, text })),
          ),
        },
        mark: { type: 'text', fontSize: 11, color: INK.text },
        encoding: { ...position, text: { field: 'text', type: 'nominal' } },
      },
      legendLayer(scale, Math.min(140, Math.max(60, height))),
    ],
    config: STYLE,
  }
}

async function pictureOf({ height, width, values }: PixelPanel, scale: ColourScale): Promise<string> {
  const pixels = new Uint8Array(height * width * 3)
  for (let i = 0; i < height * width; i++) pixels.set(colourOf(scale, values[i] ?? Number.NaN), i * 3)
  return dataUrl(await encodePng({ width, height, pixels }))
}

/** PNG bytes as what an image mark takes. */
export const dataUrl = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`
