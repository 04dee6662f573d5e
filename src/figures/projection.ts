import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from './figure.ts'
import {
  type Axis,
  FRAME,
  type Label,
  LETTER,
  LETTERS,
  type Plane,
  placedPictures,
  THUMBNAIL,
  valuesOf,
} from './placedPictures.ts'

/** A sample in the plane. */
export interface ProjectedPoint {
  readonly x: number
  readonly y: number
  /** Name of its class; left out where there are none. */
  readonly class?: string
  /** A small picture of it, as a data URL, drawn at its place. */
  readonly thumbnail?: string
  /** Whether it is marked, by a cross, or a black frame around its picture; say in the subtitle what that means. */
  readonly isMarked?: boolean
}

export interface ProjectionOptions {
  /** In the order of the legend. Default: none, and all points are alike. */
  readonly classes?: readonly string[]
  /** What the axes are. */
  readonly axes?: readonly [string, string]
  /** Default `Samples in the plane`. */
  readonly title?: string
  /** Lines below the title. */
  readonly subtitle?: readonly string[]
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
  PALETTE.black,
  '#999999',
]
const CROSS = 'M-0.5,-0.5L0.5,0.5M0.5,-0.5L-0.5,0.5'
const SHAPES = ['circle', 'square', 'triangle-up']

const [WIDTH, HEIGHT] = [560, 480]
/** Pixels between the outermost points and the axes. */
const PADDING = 24

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
  const {
    classes = [],
    axes: [xTitle, yTitle] = ['first coordinate', 'second coordinate'],
    title = 'Samples in the plane',
    subtitle = [],
  } = options
  const isColoured = classes.length > 0 && classes.length <= MAX_CLASSES
  const rows = points.map(({ x, y, class: name }) => ({ x, y, ...(name !== undefined && { class: name }) }))
  const plane = {
    x: axisOf(
      points.map(({ x }) => x),
      WIDTH,
    ),
    y: axisOf(
      points.map(({ y }) => y),
      HEIGHT,
    ),
  }
  const along = (field: 'x' | 'y', axisTitle: string) => ({
    field,
    type: 'quantitative' as const,
    axis: { title: axisTitle, grid: false, tickCount: 5 },
    scale: { domain: [...plane[field].domain], zero: false, nice: false },
  })
  const position = { x: along('x', xTitle), y: along('y', yTitle) }
  const looks = classes.map((_, i) => COLOURS[i % COLOURS.length] ?? PALETTE.black)
  const shapes = classes.map((_, i) => SHAPES[Math.floor(i / COLOURS.length) % SHAPES.length] ?? 'circle')
  const legend = { title: 'class', symbolSize: 80, symbolOpacity: 1, symbolLimit: MAX_CLASSES }
  const color = { field: 'class', type: 'nominal' as const, scale: { domain: [...classes], range: looks }, legend }
  const shape = { field: 'class', type: 'nominal' as const, scale: { domain: [...classes], range: shapes }, legend }
  const named = isColoured ? apart(middles(points, classes), plane) : []
  const pictured = placedPictures(points, named, plane)
  const marked = points.flatMap((point) => {
    const isCovered = pictured.some(({ point: own, at }) => own === point && at.x === own.x && at.y === own.y)
    return point.isMarked === true && !isCovered ? [{ x: point.x, y: point.y }] : []
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title:
      subtitle.length === 0
        ? title
        : { text: title, subtitle: [...subtitle], subtitleColor: INK.text, subtitleFontSize: 11 },
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: points.length > 1000 ? 18 : 34, opacity: 0.65, color: PALETTE.blue },
        encoding: { ...position, ...(isColoured && { color, shape }) },
      },
      {
        data: { values: valuesOf(pictured) },
        mark: { type: 'rule', color: INK.strong, strokeWidth: 1 },
        encoding: {
          x: { ...position.x, field: 'fromX' },
          y: { ...position.y, field: 'fromY' },
          x2: { field: 'x' },
          y2: { field: 'y' },
        },
      },
      {
        data: { values: valuesOf(pictured.filter(({ point }) => point.isMarked === true)) },
        mark: { type: 'square', size: (THUMBNAIL + 4 * FRAME) ** 2, opacity: 1, color: INK.strong },
        encoding: position,
      },
      {
        data: { values: valuesOf(pictured) },
        mark: { type: 'square', size: (THUMBNAIL + 2 * FRAME) ** 2, opacity: 1, color: PALETTE.blue },
        encoding: { ...position, ...(isColoured && { color }) },
      },
      {
        data: { values: valuesOf(pictured) },
        mark: { type: 'image', width: THUMBNAIL, height: THUMBNAIL },
        encoding: { ...position, url: { field: 'thumbnail', type: 'nominal' } },
      },
      ...[INK.paper, INK.strong].map((ink) => ({
        data: { values: marked },
        mark: {
          type: 'point' as const,
          shape: CROSS,
          filled: false,
          size: 60,
          strokeWidth: ink === INK.paper ? 5 : 2,
          opacity: 1,
          color: ink,
        },
        encoding: position,
      })),
      ...[INK.paper, INK.strong].map((ink) => ({
        data: { values: named },
        mark: {
          type: 'text' as const,
          fontSize: LETTERS,
          fontWeight: 'bold' as const,
          ...(ink === INK.paper ? { stroke: ink, strokeWidth: 4, strokeJoin: 'round' as const } : { color: ink }),
        },
        encoding: { ...position, text: { field: 'class', type: 'nominal' as const } },
      })),
    ],
    config: STYLE,
  }
  const groups = isColoured ? ` in ${classes.length} classes` : ''
  return plotted({ spec, rows, alt: `${points.length} samples${groups} in the plane of ${xTitle} and ${yTitle}.` })
}

/** The middle of each class: the median of both coordinates, which stray points do not move. */
function middles(points: readonly ProjectedPoint[], classes: readonly string[]): Label[] {
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

/** All values with some room around them; where all are the same, they are in the middle. */
function axisOf(values: readonly number[], length: number): Axis {
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  if (!(high > low)) return { domain: [low - 1, low + 1], step: 2 / length }
  const step = (high - low) / (length - 2 * PADDING)
  return { domain: [low - PADDING * step, high + PADDING * step], step }
}

/** Names above each other moved apart: each one down to the first place that is free. */
function apart(labels: readonly Label[], plane: Plane): Label[] {
  const placed: Label[] = []
  for (const label of labels.toSorted((a, b) => b.y - a.y)) {
    let y = label.y
    const overlaps = (other: Label): boolean =>
      Math.abs(other.x - label.x) / plane.x.step < ((other.class.length + label.class.length) / 2) * LETTERS * LETTER &&
      Math.abs(other.y - y) / plane.y.step < LETTERS
    while (placed.some(overlaps)) y -= 2 * plane.y.step
    placed.push({ ...label, y })
  }
  return placed
}
