import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { STYLE, titled } from '../figure.ts'
import { encodePng } from '../raster.ts'
import { type ColourScale, colourOf, legendLayer } from './colourScale.ts'
import { dataUrl } from './pixelPanels.ts'

/** What stands along an axis: a name a cell, or a number from the first cell to the last. */
export type HeatAxis =
  | { readonly title: string; readonly names: readonly string[] }
  | { readonly title: string; readonly range: readonly [low: number, high: number]; readonly count: number }

export interface HeatMapFigureOptions {
  readonly title: string
  readonly subtitle?: readonly string[]
  readonly scale: ColourScale
}

/** Most names that fit beside or under a map. */
const [MOST_NAMES, LONGEST] = [48, 18]

/**
 * Numbers of rows and columns as one picture with a pixel a cell, however many there are.
 *
 * @param values `[rows, columns]`
 * @throws UsageError where there is no cell
 */
export async function heatMapSpec(
  rows: HeatAxis,
  columns: HeatAxis,
  values: ArrayLike<number>,
  { title, subtitle = [], scale }: HeatMapFigureOptions,
): Promise<TopLevelSpec> {
  const [tall, wide] = [cells(rows), cells(columns)]
  if (tall === 0 || wide === 0 || values.length !== tall * wide)
    throw new UsageError(`a heat map of ${tall} rows and ${wide} columns was given ${values.length} numbers`)
  const pixels = new Uint8Array(tall * wide * 3)
  for (let i = 0; i < tall * wide; i++) pixels.set(colourOf(scale, values[i] ?? Number.NaN), i * 3)
  const url = dataUrl(await encodePng({ width: wide, height: tall, pixels }))
  const [width, height] = [spread(wide, 640, 420), spread(tall, 420, 60)]
  const x = axis(columns, 'x')
  const y = axis(rows, 'y')
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, subtitle),
    width,
    height,
    layer: [
      {
        data: { values: [{ x: middle(columns), y: middle(rows), url }] },
        mark: { type: 'image', smooth: false, aspect: false, width, height },
        encoding: { x: { field: 'x', ...x }, y: { field: 'y', ...y }, url: { field: 'url', type: 'nominal' } },
      },
      legendLayer(scale, Math.min(140, Math.max(60, height))),
    ],
    config: STYLE,
  }
}

const cells = (axis: HeatAxis): number => ('names' in axis ? axis.names.length : axis.count)
const ends = (axis: HeatAxis): readonly [number, number] => ('names' in axis ? [0, axis.names.length] : axis.range)
const middle = (axis: HeatAxis): number => (ends(axis)[0] + ends(axis)[1]) / 2
/** Pixels along an axis: few cells are large, many small, and no axis is shorter than `least`. */
const spread = (count: number, most: number, least: number): number =>
  Math.min(most, Math.max(count * 14, Math.min(least, count * 40)))

function axis(of: HeatAxis, along: 'x' | 'y') {
  const [low, high] = ends(of)
  const scale = {
    domain: [low, high],
    nice: false,
    zero: false,
    ...(along === 'y' && 'names' in of && { reverse: true }),
  }
  const shared = { title: of.title, grid: false, domain: false }
  if (!('names' in of)) return { type: 'quantitative' as const, scale, axis: { ...shared, tickCount: 6 } }
  const every = Math.ceil(of.names.length / MOST_NAMES)
  const labels = of.names.map((name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name))
  const isLong = along === 'x' && labels.some(({ length }) => length > 3)
  return {
    type: 'quantitative' as const,
    scale,
    axis: {
      ...shared,
      values: labels.flatMap((_, i) => (i % every === 0 ? [i + 0.5] : [])),
      labelExpr: `${JSON.stringify(labels)}[floor(datum.value)]`,
      labelLimit: 200,
      ticks: false,
      ...(isLong && { labelAngle: -40, labelAlign: 'right' as const }),
    },
  }
}
