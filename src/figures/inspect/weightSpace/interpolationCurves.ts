import type { TopLevelSpec } from 'vega-lite'
import { type InterpolationStudy, studyNotes, studyText } from '../../../inspect/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from '../../figure.ts'
import { type CurveRow, curveRows } from './curveRows.ts'
import { logTicks } from './logTicks.ts'
import { wrapped } from './wrapped.ts'

/** From this ratio of the largest loss to the smallest on, the axis is logarithmic: beyond the ends losses blow up. */
const WIDE = 20
const COLORS = { train: PALETTE.blue, validation: PALETTE.green, test: PALETTE.vermillion } as const
const DASHES = { train: [1, 0], validation: [2, 2], test: [6, 3] } as const

/**
 * Loss and metrics along the line between two networks, training and test split over each other, with the straight line between the ends under which there
 * is no barrier; and how far the test loss is above the training loss. Of several pairs lines are means and bands go from the smallest to the
 * largest.
 *
 * @example
 * await saveFigure('.', 'interpolation', interpolationCurves(study))
 */
export function interpolationCurves(study: InterpolationStudy): Figure {
  const rows = curveRows(
    study.pairs.flatMap(({ lines: [line] }) =>
      line === undefined ? [] : [line.points.map(({ alpha, scores }) => ({ x: alpha, scores }))],
    ),
  )
  const metrics = [...new Set(rows.map(({ metric }) => metric))]
  const panels = metrics.map((metric) =>
    panelOf(
      study,
      metric,
      rows.filter((row) => row.metric === metric),
    ),
  )
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: wrapped([`Between ${study.a} (α = 0) and ${study.b} (α = 1)`]),
      subtitle: wrapped([
        'θ(α) = (1 − α)·A + α·B; dotted: straight between the losses of A and B',
        ...studyNotes(study),
        ...(study.pairs.length > 1
          ? [`lines: means over ${study.pairs.length} pairs; bands: smallest to largest`]
          : []),
      ]),
      subtitleColor: study.statistics === 'interpolated' ? PALETTE.vermillion : INK.text,
      subtitleFontSize: 11,
    },
    vconcat: panels.flatMap((_, i) => (i % 2 === 0 ? [{ hconcat: panels.slice(i, i + 2) }] : [])),
    config: STYLE,
  }
  return plotted({ spec, rows: rows.map(({ x, ...row }) => ({ alpha: x, ...row })), alt: studyText(study) })
}

function panelOf(study: InterpolationStudy, metric: string, rows: readonly CurveRow[]) {
  const isGap = metric.startsWith('gap of ')
  const values = rows.flatMap(({ low, high }) => (low === null || high === null ? [] : [low, high]))
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const isLog = metric === 'loss' && least > 0 && most / least > WIDE
  const names = study.splits.map(({ name }) => name)
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    axis: { title: 'α', grid: false, tickCount: 7 },
    scale: { zero: false, nice: false },
  }
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    axis: {
      title: isGap ? `test − train ${metric.slice('gap of '.length)}` : metric,
      tickCount: 6,
      ...(isLog && { values: logTicks(least / 1.1, most * 1.1), format: '~g' }),
    },
    scale: isLog
      ? { type: 'log' as const, nice: false, domain: [least / 1.1, most * 1.1] }
      : { zero: false, nice: true },
  }
  const legend = {
    ...{ title: null, orient: 'top' as const, symbolType: 'stroke' as const },
    ...{ symbolSize: 500, symbolStrokeWidth: 2, symbolOpacity: 1 },
  }
  const series = {
    color: {
      field: 'split',
      type: 'nominal' as const,
      scale: { domain: names, range: names.map((name) => COLORS[name]) },
      legend,
    },
    strokeDash: {
      field: 'split',
      type: 'nominal' as const,
      scale: { domain: names, range: names.map((name) => [...DASHES[name]]) },
      legend,
    },
  }
  const own = isGap ? { color: { value: PALETTE.black } } : series
  const drawn = rows.filter(({ value }) => value !== null)
  return {
    width: 320,
    height: 210,
    data: { values: drawn.map((row) => ({ ...row })) },
    layer: [
      {
        data: { values: [{ x: 0 }, { x: 1 }] },
        mark: { type: 'rule' as const, color: INK.line, strokeDash: [3, 3] },
        encoding: { x },
      },
      {
        data: {
          values: [
            { x: 0, name: 'A' },
            { x: 1, name: 'B' },
          ],
        },
        mark: {
          type: 'text' as const,
          fontWeight: 'bold' as const,
          fontSize: 12,
          dy: -6,
          baseline: 'bottom' as const,
          color: INK.strong,
        },
        encoding: { x, y: { value: 0 }, text: { field: 'name', type: 'nominal' as const } },
      },
      ...(isGap
        ? [{ data: { values: [{ value: 0 }] }, mark: { type: 'rule' as const, color: INK.line }, encoding: { y } }]
        : []),
      {
        mark: { type: 'area' as const, opacity: 0.16, clip: true },
        encoding: {
          x,
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: isGap ? { value: PALETTE.black } : { ...series.color },
        },
      },
      ...(metric === 'loss'
        ? [
            {
              data: { values: chords(drawn) },
              mark: { type: 'line' as const, strokeWidth: 1.2, strokeDash: [1, 3], clip: true },
              encoding: { x, y, color: series.color },
            },
          ]
        : []),
      { mark: { type: 'line' as const, strokeWidth: 2, clip: true }, encoding: { x, y, ...own } },
    ],
  }
}

/** The straight line between the ends, at the places of the curve: on a logarithmic axis it is none. */
function chords(rows: readonly CurveRow[]) {
  return [...new Set(rows.map(({ split }) => split))].flatMap((split) => {
    const own = rows.filter((row) => row.split === split)
    const [from, to] = [0, 1].map((alpha) => own.find(({ x }) => x === alpha)?.value)
    if (typeof from !== 'number' || typeof to !== 'number') return []
    return own.filter(({ x }) => x >= 0 && x <= 1).map(({ x }) => ({ split, x, value: (1 - x) * from + x * to }))
  })
}
