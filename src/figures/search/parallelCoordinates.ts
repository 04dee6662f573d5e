import type { TopLevelSpec } from 'vega-lite'
import type { Searched } from '../../search/index.ts'
import { unitOf } from '../../search/space/index.ts'
import { type Figure, INK, plotted, type Row, STYLE } from '../figure.ts'
import { shortNumber, ticksOf, valueText } from './parameters.ts'
import { bestFirst, goalText, thinnedTrials, VALUE_COLORS, type ValueOptions, valued, valueScale } from './values.ts'

export interface ParallelOptions extends ValueOptions {
  /** Paths of the parameters that get an axis, from left to right; default all, in the order of the space. */
  readonly parameters?: readonly string[]
}

/** More lines are a carpet: the best are drawn, and of the others every so many. */
const MOST_LINES = 300
/** That are drawn thick. */
const BEST = 5
const STEP = 96

/**
 * Parallel coordinates: a line a complete trial, across an axis a parameter, each from the low end of its range to the high one, in the space's own scale; a choice's
 * values lie apart evenly. The darker the better; the best five are thick. Where a trial has no such parameter, its line is
 * dotted.
 *
 * @throws UsageError when no trial is complete
 *
 * @example
 * parallelCoordinates(await readStudy('studies/mlp'), { parameters: ['lr', 'dropout'] })
 */
export function parallelCoordinates(
  { space: { axes }, trials, direction }: Searched,
  { value: name = 'value', parameters = axes.map(({ path }) => path) }: ParallelOptions = {},
): Figure {
  const ranked = bestFirst(valued(trials), direction)
  const drawn = thinnedTrials(ranked, MOST_LINES, BEST)
  const shown = parameters.flatMap((path) => {
    const axis = axes.findIndex((one) => one.path === path)
    const parameter = axes[axis]?.parameter
    return parameter === undefined ? [] : [{ path, axis, parameter }]
  })
  const colors = valueScale(
    ranked.map(({ value }) => value),
    direction,
  )
  // The worst first: the best lie on top.
  const rows = drawn.toReversed().flatMap(({ number, point, value }) =>
    shown.map(({ path, axis, parameter }): Row => {
      const at = point[axis]
      return {
        ...{ trial: number, value, parameter: path },
        setting: at === undefined ? null : valueText(parameter, at),
        place: at === undefined ? null : unitOf(parameter, at),
      }
    }),
  )
  const best = new Set(ranked.slice(0, BEST).map(({ number }) => number))
  const ticks = shown.flatMap(({ path, parameter }) => ticksOf(parameter).map((tick) => ({ parameter: path, ...tick })))
  const paths = shown.map(({ path }) => path)
  const x = {
    field: 'parameter',
    type: 'nominal' as const,
    sort: paths,
    scale: { type: 'point' as const, padding: 0.4, domain: paths },
    axis: {
      title: null,
      orient: 'bottom' as const,
      domain: false,
      ticks: false,
      labelAngle: 0,
      labelLimit: STEP - 6,
      labelPadding: 8,
      // Names of a path below each other: paths are longer than an axis is wide.
      labelExpr: "split(replace(datum.label, regexp('[.]', 'g'), '/'), '/')",
    },
  }
  const y = { field: 'place', type: 'quantitative' as const, axis: null, scale: { domain: [0, 1], nice: false } }
  const goal = direction === 'minimize' ? [colors.high, colors.low] : [colors.low, colors.high]
  const color = {
    field: 'shade',
    type: 'quantitative' as const,
    scale: {
      domain: VALUE_COLORS.map(
        (_, i) => (goal[0] ?? 0) + (((goal[1] ?? 0) - (goal[0] ?? 0)) * i) / (VALUE_COLORS.length - 1),
      ),
      range: [...VALUE_COLORS],
      clamp: true,
    },
    legend: { title: [name, goalText(direction)], format: '.3~g', titleLimit: 160 },
  }
  const trial = { field: 'trial', type: 'nominal' as const }
  const lines = (isBest: boolean) => ({
    transform: [{ filter: isBest ? 'datum.isBest' : '!datum.isBest' }],
    mark: { type: 'line' as const, strokeWidth: isBest ? 2.5 : 1, opacity: isBest ? 1 : 0.55 },
    encoding: { x, y, color, detail: trial },
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: {
      values: rows.map((row) => ({
        ...row,
        shade: typeof row.value === 'number' ? colors.clamp(row.value) : null,
        isBest: typeof row.trial === 'number' && best.has(row.trial),
      })),
    },
    width: STEP * paths.length,
    height: 300,
    layer: [
      {
        data: { values: paths.flatMap((parameter) => [0, 1].map((place) => ({ parameter, place }))) },
        mark: { type: 'line', color: INK.line, strokeWidth: 1 },
        encoding: { x, y, detail: { field: 'parameter', type: 'nominal' } },
      },
      {
        // Leads across gaps.
        transform: [{ filter: 'isValid(datum.place)' }],
        mark: { type: 'line', strokeWidth: 1, strokeDash: [1, 4], opacity: 0.45 },
        encoding: { x, y, color, detail: trial },
      },
      lines(false),
      lines(true),
      {
        // Between two gaps there is no line.
        transform: [{ filter: 'isValid(datum.place)' }],
        mark: { type: 'point', filled: true, size: 14, opacity: 0.9 },
        encoding: { x, y, color },
      },
      {
        data: { values: ticks },
        mark: { type: 'tick', orient: 'horizontal', size: 8, thickness: 1, color: INK.line },
        encoding: { x, y: { ...y, field: 'at' } },
      },
      // Words over lines need a frame of paper.
      ...[{ stroke: INK.paper, strokeWidth: 3, strokeJoin: 'round' as const }, {}].map((frame) => ({
        data: { values: ticks },
        mark: { type: 'text' as const, align: 'left' as const, dx: 6, fontSize: 10, color: INK.text, ...frame },
        encoding: { x, y: { ...y, field: 'at' }, text: { field: 'text', type: 'nominal' as const } },
      })),
    ],
    config: STYLE,
  }
  const [first] = ranked
  const settings = shown.flatMap(({ path, axis, parameter }) => {
    const at = first?.point[axis]
    return at === undefined ? [] : [`${path} ${valueText(parameter, at)}`]
  })
  const alt = `Parallel coordinates of ${drawn.length === ranked.length ? `${ranked.length} complete trials` : `${drawn.length} of ${ranked.length} complete trials, the best among them`} over ${paths.length} parameters, coloured by ${name}; the best, ${shortNumber(first?.value ?? Number.NaN)}, has ${settings.join(', ')}.`
  return plotted({ spec, rows: rows.map(({ place: _, ...row }) => row), alt })
}
