import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { type Figure, INK, PALETTE, plotted, type Row, STYLE } from '../figure.ts'

/** A value against x, of one run each. */
export interface AgainstSeries {
  readonly name: string
  /** Several at one x are of several seeds. */
  readonly points: readonly { readonly x: number | string; readonly value: number; readonly seed?: number }[]
}

export interface AgainstAxis {
  readonly title: string
  /** Logarithmic where all values are above 0 (default false). */
  readonly isLog?: boolean
  readonly series: readonly AgainstSeries[]
}

export interface AgainstPanel {
  readonly title: string
  readonly left: AgainstAxis
  /** With a scale of its own. */
  readonly right?: AgainstAxis
}

export interface AgainstOptions {
  readonly x: {
    readonly title: string
    /** `log`: numbers, as batch sizes and counts of parameters are; `category`: texts, in their order. */
    readonly scale: 'linear' | 'log' | 'category'
  }
}

/** Of the left axis's series, then of the right one's: apart in colour, and in grey by dash and mark. */
const LEFT = [
  [PALETTE.blue, [1, 0], 'circle'],
  [PALETTE.sky, [6, 3], 'square'],
  [PALETTE.green, [2, 2], 'diamond'],
  [PALETTE.purple, [9, 3, 2, 3], 'cross'],
] as const
const RIGHT = [
  [PALETTE.vermillion, [1, 0], 'triangle-up'],
  [PALETTE.orange, [6, 3], 'triangle-down'],
] as const

/**
 * Values against a setting, a panel for each question, with one axis or two: lines join means over seeds, bars go from the smallest to the largest seed. A value that is no finite
 * number is left out.
 *
 * @throws UsageError where there is nothing to draw, or more series on an axis than can be told apart (4 on the left, 2 on the right)
 *
 * @example
 * againstFigure([{ title: 'loss', left: { title: 'loss', series: [{ name: 'test', points: [{ x: 16, value: 0.3 }] }] } }],
 *   { x: { title: 'batch size', scale: 'log' } })
 */
export function againstFigure(panels: readonly AgainstPanel[], { x }: AgainstOptions): Figure {
  const rows = panels.flatMap(({ title, left, right }) =>
    (right === undefined ? [left] : [left, right]).flatMap((axis) => rowsOf(title, axis)),
  )
  if (rows.length === 0) throw new UsageError('there is no finite number to draw')
  for (const { title, left, right } of panels)
    if (left.series.length > LEFT.length || (right?.series.length ?? 0) > RIGHT.length)
      throw new UsageError(
        `the panel "${title}" has ${left.series.length} series on its left and ${right?.series.length ?? 0} on its right axis: draw at most ${LEFT.length} and ${RIGHT.length}`,
      )
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    columns: 2,
    spacing: { row: 30, column: 40 },
    concat: panels.map((panel) => panelSpec(panel, rows, x)),
    resolve: { scale: { color: 'independent', strokeDash: 'independent', shape: 'independent' } },
    config: STYLE,
  }
  return plotted({ spec, rows, alt: described(panels, rows) })
}

function rowsOf(panel: string, { title, series }: AgainstAxis): Row[] {
  return series.flatMap(({ name, points }) => {
    const finite = points.filter(({ value }) => Number.isFinite(value))
    return [...new Set(finite.map(({ x }) => x))].map((at) => {
      const values = finite.filter(({ x }) => x === at).map(({ value }) => value)
      return {
        ...{ panel, axis: title, series: name, x: at, seeds: values.length },
        value: values.reduce((sum, value) => sum + value, 0) / values.length,
        low: Math.min(...values),
        high: Math.max(...values),
      }
    })
  })
}

function panelSpec({ title, left, right }: AgainstPanel, rows: readonly Row[], x: AgainstOptions['x']) {
  const own = rows.filter((row) => row.panel === title)
  const marks = [
    ...left.series.map(({ name }, i) => ({ name, mark: LEFT[i] ?? LEFT[0] })),
    ...(right?.series ?? []).map(({ name }, i) => ({ name, mark: RIGHT[i] ?? RIGHT[0] })),
  ]
  const domain = marks.map(({ name }) => name)
  const legend = {
    ...{ title: null, orient: 'top' as const, columns: 2, labelLimit: 260 },
    ...{ symbolSize: 80, symbolOpacity: 1 },
  }
  const channel = { field: 'series', type: 'nominal' as const, legend }
  const color = { ...channel, scale: { domain, range: marks.map(({ mark: [ink] }) => ink) } }
  const shape = { ...channel, scale: { domain, range: marks.map(({ mark: [, , form] }) => form) } }
  const strokeDash = { ...channel, scale: { domain, range: marks.map(({ mark: [, dash] }) => [...dash]) } }
  const xs = [...new Set(own.flatMap((row) => (row.x === undefined || row.x === null ? [] : [row.x])))]
  const horizontal =
    x.scale === 'category'
      ? {
          ...{ field: 'x', type: 'ordinal' as const, sort: xs.map(String) },
          axis: { title: x.title, labelAngle: xs.some((one) => String(one).length > 10) ? -30 : 0 },
        }
      : {
          ...{ field: 'x', type: 'quantitative' as const },
          axis: {
            ...{ title: x.title, grid: false, format: '~s' },
            ...(xs.length <= 8 && x.scale === 'log' && { values: xs.map(Number), format: ',d' }),
            labelOverlap: true,
          },
          scale: { type: x.scale, nice: false, padding: 12, ...(x.scale === 'linear' && { zero: false }) },
        }
  const axisLayer = (axis: AgainstAxis, side: 'left' | 'right') => {
    const values = own.filter((row) => row.axis === axis.title)
    const isLog = axis.isLog === true && values.every(({ low }) => typeof low === 'number' && low > 0)
    const ink = right === undefined ? INK.text : side === 'left' ? PALETTE.blue : PALETTE.vermillion
    const vertical = (field: 'value' | 'low') => ({
      ...{ field, type: 'quantitative' as const },
      axis: {
        ...{ title: axis.title, orient: side, tickCount: 5, titleColor: ink, labelColor: ink, grid: side === 'left' },
        ...(isLog && { format: '~g' }),
      },
      scale: isLog ? { type: 'log' as const } : { zero: false, nice: true },
    })
    return {
      transform: [{ filter: { field: 'axis', equal: axis.title } }],
      layer: [
        {
          mark: { type: 'rule' as const, strokeWidth: 1.5, opacity: 0.7 },
          encoding: { x: horizontal, y: vertical('low'), y2: { field: 'high' }, color },
        },
        {
          mark: { type: 'line' as const, strokeWidth: 2 },
          encoding: { x: horizontal, y: vertical('value'), color, strokeDash },
        },
        {
          mark: { type: 'point' as const, filled: true, size: 55, opacity: 1 },
          encoding: { x: horizontal, y: vertical('value'), color, shape },
        },
      ],
    }
  }
  return {
    title: { text: title, fontSize: 13, anchor: 'start' as const },
    transform: [{ filter: { field: 'panel', equal: title } }],
    ...{ width: 320, height: 210 },
    layer: right === undefined ? [axisLayer(left, 'left')] : [axisLayer(left, 'left'), axisLayer(right, 'right')],
    ...(right !== undefined && { resolve: { scale: { y: 'independent' as const } } }),
  }
}

function described(panels: readonly AgainstPanel[], rows: readonly Row[]): string {
  const said = panels.map(({ title }) => {
    const own = rows.filter((row) => row.panel === title)
    const series = [...new Set(own.map((row) => `${row.series} ${row.axis}`))].map((name) => {
      const points = own.filter((row) => `${row.series} ${row.axis}` === name)
      return `${points[0]?.series} from ${short(points[0]?.value)} at ${points[0]?.x} to ${short(points.at(-1)?.value)} at ${points.at(-1)?.x}`
    })
    return `${title}: ${series.join(', ')}`
  })
  return `Means over seeds, with bars from the smallest to the largest. ${said.join('; ')}.`
}

const short = (value: Row[string] | undefined): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : 'no number'
