import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, STYLE } from './figure.ts'

/** A sample in the plane. */
export interface ProjectedPoint {
  readonly x: number
  readonly y: number
  /** Name of its class; left out where there are none. */
  readonly class?: string
  /** A small picture of it, as a data URL, drawn at its place. */
  readonly thumbnail?: string
}

export interface ProjectionOptions {
  /** In the order of the legend. Default: none, and all points are alike. */
  readonly classes?: readonly string[]
  /** What the axes are. */
  readonly axes?: readonly [string, string]
}

/** More classes than this cannot be told apart by colour and shape. */
const MAX_CLASSES = 30

/** Okabe and Ito's colours and three dark ones, which the shapes make into 30 looks. */
const COLOURS = [
  PALETTE.blue,
  PALETTE.orange,
  PALETTE.green,
  PALETTE.vermillion,
  PALETTE.sky,
  PALETTE.purple,
  '#6b5b00',
  '#882255',
  '#333333',
  '#999999',
]
const SHAPES = ['circle', 'square', 'triangle-up']

const [WIDTH, HEIGHT, THUMBNAIL, FRAME] = [560, 480, 24, 3]

/**
 * Samples in the plane, coloured and shaped by class, with the class's name at its middle, and small pictures of some.
 *
 * @throws UsageError when there is no point
 *
 * @example
 * const figure = projectionFigure([{ x: 0, y: 1, class: 'cat' }], { classes: ['cat', 'dog'] })
 */
export function projectionFigure(points: readonly ProjectedPoint[], options: ProjectionOptions = {}): Figure {
  if (points.length === 0) throw new UsageError('a projection needs at least one point: give some')
  const { classes = [], axes: [xTitle, yTitle] = ['first coordinate', 'second coordinate'] } = options
  const isColoured = classes.length > 0 && classes.length <= MAX_CLASSES
  const rows = points.map(({ x, y, class: name }) => ({ x, y, ...(name !== undefined && { class: name }) }))
  const position = {
    x: {
      field: 'x',
      type: 'quantitative' as const,
      axis: { title: xTitle, grid: false, tickCount: 5 },
      scale: { zero: false, padding: 12 },
    },
    y: {
      field: 'y',
      type: 'quantitative' as const,
      axis: { title: yTitle, grid: false, tickCount: 5 },
      scale: { zero: false, padding: 12 },
    },
  }
  const looks = classes.map((_, i) => COLOURS[i % COLOURS.length] ?? PALETTE.black)
  const shapes = classes.map((_, i) => SHAPES[Math.floor(i / COLOURS.length) % SHAPES.length] ?? 'circle')
  const legend = { title: 'class', symbolSize: 80, symbolOpacity: 1, symbolLimit: MAX_CLASSES }
  const color = { field: 'class', type: 'nominal' as const, scale: { domain: [...classes], range: looks }, legend }
  const shape = { field: 'class', type: 'nominal' as const, scale: { domain: [...classes], range: shapes }, legend }
  const pictured = points.flatMap(({ x, y, class: name, thumbnail }) =>
    thumbnail === undefined ? [] : [{ x, y, thumbnail, ...(name !== undefined && { class: name }) }],
  )
  const named = isColoured ? middles(points, classes) : []
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: points.length > 1000 ? 18 : 34, opacity: 0.65, color: PALETTE.blue },
        encoding: { ...position, ...(isColoured && { color, shape }) },
      },
      {
        data: { values: pictured },
        mark: { type: 'square', size: (THUMBNAIL + 2 * FRAME) ** 2, opacity: 1, color: PALETTE.blue },
        encoding: { ...position, ...(isColoured && { color }) },
      },
      {
        data: { values: pictured },
        mark: { type: 'image', width: THUMBNAIL, height: THUMBNAIL },
        encoding: { ...position, url: { field: 'thumbnail', type: 'nominal' } },
      },
      ...['white', '#111'].map((ink) => ({
        data: { values: named },
        mark: {
          type: 'text' as const,
          fontSize: 15,
          fontWeight: 'bold' as const,
          ...(ink === 'white' ? { stroke: ink, strokeWidth: 4, strokeJoin: 'round' as const } : { color: ink }),
        },
        encoding: { ...position, text: { field: 'class', type: 'nominal' as const } },
      })),
    ],
    config: STYLE,
  }
  const groups = isColoured ? ` in ${classes.length} classes` : ''
  return { spec, rows, alt: `${points.length} samples${groups} in the plane of ${xTitle} and ${yTitle}.` }
}

/** The middle of each class: the median of both coordinates, which stray points do not move. */
function middles(points: readonly ProjectedPoint[], classes: readonly string[]) {
  const median = (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? 0
  }
  return classes.flatMap((name) => {
    const own = points.filter((point) => point.class === name)
    if (own.length === 0) return []
    return [{ class: name, x: median(own.map(({ x }) => x)), y: median(own.map(({ y }) => y)) }]
  })
}
