import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../../errors.ts'
import { type Landscape, type LandscapeFacts, landscapeNotes, landscapeText } from '../../../inspect/index.ts'
import { type Figure, PALETTE, plotted, STYLE, titled } from '../../figure.ts'
import { contourLines } from './contourLines.ts'
import { logTicks } from './logTicks.ts'
import { wrapped } from './wrapped.ts'

export interface LandscapeContourOptions {
  readonly split: 'train' | 'validation' | 'test'
  /** Default `loss`. */
  readonly metric?: string
  /** Which is better; default `min`. */
  readonly goal?: 'min' | 'max'
}

const SIZE = 360
const LEVELS = 12
/** From this ratio of the largest to the smallest value on, levels are as factors apart. */
const WIDE = 2

/**
 * A surface as a map: colour in cells as they were computed, lines of equal value between them, the best cell, the networks and the way of a training. Levels
 * of a loss are as factors apart, so that the valley can be seen beside the walls. Brighter is better.
 *
 * @throws UsageError where no value is a finite number
 * @example
 * await saveFigure('.', 'landscape', landscapeContour(surface, facts, { split: 'train' }))
 */
export function landscapeContour(
  landscape: Landscape,
  facts: LandscapeFacts,
  { split, metric = 'loss', goal = 'min' }: LandscapeContourOptions,
): Figure {
  const { x, y, points, path, marks } = landscape
  const values = points.map(({ scores }) => scores[split]?.[metric] ?? Number.NaN)
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) throw new UsageError(`no ${split} ${metric} on the surface is a finite number`)
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  const isLog = least > 0 && most / least > WIDE
  const lift = (value: number): number => (isLog ? Math.log(value) : value)
  const levels = Array.from(
    { length: LEVELS },
    (_, i) => lift(least) + ((lift(most) - lift(least)) * (i + 1)) / (LEVELS + 1),
  )
  const lines = most > least ? contourLines({ x: x.values, y: y.values, values: values.map(lift) }, levels) : []
  const [edgesX, edgesY] = [edgesOf(x.values), edgesOf(y.values)]
  const cells = points.flatMap((_, i) => {
    const [column, row, value] = [i % x.values.length, Math.floor(i / x.values.length), values[i]]
    const [x1, x2, y1, y2] = [edgesX[column], edgesX[column + 1], edgesY[row], edgesY[row + 1]]
    // Each reaches a little under the next: where they only meet, the paper shines through.
    return value !== undefined && Number.isFinite(value)
      ? [{ x1, x2: over(x2, x.values), y1, y2: over(y2, y.values), value }]
      : []
  })
  const best = points[values.indexOf(goal === 'min' ? least : most)]
  const middle = (levels[0] ?? 0) + ((levels.at(-1) ?? 0) - (levels[0] ?? 0)) / 2
  // Dark cells take white lines, bright ones black.
  const inkOf = (level: number): string => ((goal === 'min' ? level > middle : level < middle) ? 'white' : 'black')
  const outlined = lines.flatMap(({ level, points: along }, line) =>
    along.map((point, order) => ({ ...point, line, order, ink: inkOf(level) })),
  )
  const named = longest(lines).map(({ level, points: along }) => ({
    ...along[Math.floor(along.length / 2)],
    text: short(isLog ? Math.exp(level) : level),
    ink: inkOf(level),
  }))
  const axis = (title: string, [low = 0, high = 0]: readonly [number | undefined, number | undefined]) => ({
    type: 'quantitative' as const,
    axis: { title, grid: false, tickCount: 7 },
    scale: { domain: [low, high], nice: false, zero: false },
  })
  const across = axis(x.title, [edgesX[0], edgesX.at(-1)])
  const up = axis(y.title, [edgesY[0], edgesY.at(-1)])
  const at = { x: { ...across, field: 'x' }, y: { ...up, field: 'y' } }
  const ink = { field: 'ink', type: 'nominal' as const, scale: null }
  const shownMarks = marks.map(({ name, at: [a, b] }) => ({ name, x: a, y: b }))
  const way = path.map(({ name, at: [a, b] }, order) => ({ name, x: a, y: b, order }))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(
      `${split} ${metric} around ${facts.name}`,
      wrapped([
        ...landscapeNotes(facts),
        `brighter is better; diamond: the best place that was computed (${short(goal === 'min' ? least : most)})${way.length > 0 ? '; white line: the way of the training' : ''}`,
      ]),
    ),
    width: SIZE,
    height: SIZE,
    layer: [
      {
        data: { values: cells },
        mark: { type: 'rect' },
        encoding: {
          x: { ...across, field: 'x1' },
          x2: { field: 'x2' },
          y: { ...up, field: 'y1' },
          y2: { field: 'y2' },
          color: {
            field: 'value',
            type: 'quantitative',
            scale: {
              scheme: 'viridis',
              reverse: goal === 'min',
              type: isLog ? 'log' : 'linear',
              ...(most > least && { domain: [least, most] }),
              nice: false,
            },
            legend: {
              title: `${split} ${metric}`,
              gradientLength: 200,
              format: '~g',
              ...(isLog && { values: logTicks(least, most) }),
            },
          },
        },
      },
      {
        data: { values: outlined },
        mark: { type: 'line', strokeWidth: 0.9, opacity: 0.75 },
        encoding: {
          ...at,
          order: { field: 'order', type: 'quantitative' },
          detail: { field: 'line', type: 'nominal' },
          stroke: ink,
        },
      },
      {
        data: { values: named },
        mark: { type: 'text', fontSize: 9, dy: -5 },
        encoding: { ...at, text: { field: 'text', type: 'nominal' }, color: ink },
      },
      ...(way.length > 0
        ? [
            {
              data: { values: way },
              mark: { type: 'line' as const, stroke: 'black', strokeWidth: 4.2, opacity: 0.8 },
              encoding: { ...at, order: { field: 'order', type: 'quantitative' as const } },
            },
            {
              data: { values: way },
              mark: {
                type: 'line' as const,
                stroke: 'white',
                strokeWidth: 2.2,
                point: { fill: 'white', stroke: 'black', strokeWidth: 0.8, size: 26, opacity: 1 },
              },
              encoding: { ...at, order: { field: 'order', type: 'quantitative' as const } },
            },
          ]
        : []),
      {
        data: { values: best === undefined ? [] : [{ x: best.at[0] ?? 0, y: best.at[1] ?? 0 }] },
        mark: {
          type: 'point',
          shape: 'diamond',
          size: 300,
          filled: true,
          fill: PALETTE.vermillion,
          stroke: 'white',
          strokeWidth: 1.2,
          opacity: 1,
        },
        encoding: at,
      },
      {
        data: { values: shownMarks },
        mark: {
          type: 'point',
          shape: 'cross',
          size: 90,
          filled: true,
          fill: 'white',
          stroke: 'black',
          strokeWidth: 1,
          opacity: 1,
        },
        encoding: at,
      },
      ...(['halo', 'text'] as const).map((layer) => ({
        data: { values: shownMarks },
        mark: {
          type: 'text' as const,
          ...{ dy: -11, fontSize: 11, fontWeight: 'bold' as const },
          ...(layer === 'halo'
            ? { stroke: 'white', strokeWidth: 3, strokeJoin: 'round' as const }
            : { color: 'black' }),
        },
        encoding: { ...at, text: { field: 'name', type: 'nominal' as const } },
      })),
    ],
    config: STYLE,
  }
  const rows = points.map(({ at: [a = 0, b = 0], scores }) => ({
    x: a,
    y: b,
    ...Object.fromEntries(
      Object.entries(scores).flatMap(([name, own]) =>
        Object.entries(own).map(([one, value]) => [`${name} ${one}`, Number.isFinite(value) ? value : null]),
      ),
    ),
  }))
  const spread = `${split} ${metric} from ${short(least)} to ${short(most)}.`
  return plotted({ spec, rows, alt: metric === 'loss' ? landscapeText(landscape, split) : `Map of ${spread}` })
}

/** Borders of cells around places. */
function edgesOf(values: readonly number[]): number[] {
  const step = (values[1] ?? 1) - (values[0] ?? 0)
  return [...values.map((value) => value - step / 2), (values.at(-1) ?? 0) + step / 2]
}

/** A border moved on by a part of a cell, but for the last. */
function over(border: number | undefined, values: readonly number[]): number {
  const step = (values[1] ?? 1) - (values[0] ?? 0)
  const last = (values.at(-1) ?? 0) + step / 2
  return Math.min(last, (border ?? last) + 0.04 * step)
}

/** The longest line of every second level: names of all would lie on each other. */
function longest<L extends { readonly level: number; readonly points: readonly unknown[] }>(lines: readonly L[]): L[] {
  const levels = [...new Set(lines.map(({ level }) => level))].filter((_, i) => i % 2 === 0)
  return levels.flatMap((level) =>
    lines
      .filter((line) => line.level === level)
      .sort((a, b) => b.points.length - a.points.length)
      .slice(0, 1),
  )
}

const short = (value: number): string => String(Number(value.toPrecision(2)))
