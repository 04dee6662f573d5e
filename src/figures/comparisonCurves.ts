import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import type { MetricRecord } from '../runs/index.ts'
import { type Figure, plotted, type Row, STYLE } from './figure.ts'
import { groupMarks } from './groupMarks.ts'

/** The trainings of a group, one a seed. */
export interface GroupCurves {
  readonly label: string
  readonly runs: readonly { readonly seed: number; readonly records: readonly MetricRecord[] }[]
}

export interface ComparisonCurvesOptions {
  /** Metrics that are drawn, in this order; default: all that were logged, the loss first. */
  readonly metrics?: readonly string[]
  /** Draws the line of every seed in place of mean and band (default false). */
  readonly traces?: boolean
}

const SPLITS = ['train', 'validation'] as const
type Split = (typeof SPLITS)[number]
/** Marks along a line, by which it is known in grey print. */
const MARKS = 6
/** From this ratio of the largest to the smallest value on, the axis is logarithmic: the rest would be a line at the bottom. */
const WIDE = 1000
/** Where values of all epochs spread so many times wider than those of the second half, the axis shows those. */
const FAR = 10

/**
 * Curves of several groups over each other: a row of panels a metric, training on the left and validation on the right, on one scale. Lines are means over a
 * group's seeds, bands go from the smallest to the largest; both end where the first of the seeds ended, so that a mean is always over
 * the same runs. A value that is no finite number is a gap. The axis is logarithmic, or cut to the second half of the epochs, where first values would leave no
 * room for the last.
 *
 * @throws UsageError when there is nothing to draw, or there are more than 7 groups
 *
 * @example
 * comparisonCurves([{ label: 'dense', runs: [{ seed: 0, records }] }, { label: 'convnet', runs: [{ seed: 0, records: others }] }])
 */
export function comparisonCurves(
  groups: readonly GroupCurves[],
  { metrics: wanted, traces = false }: ComparisonCurvesOptions = {},
): Figure {
  const logged = groups.flatMap(({ runs }) => runs.flatMap(({ records }) => records))
  const drawn = logged.filter(({ split, name }) => isSplit(split) && (wanted?.includes(name) ?? true))
  if (drawn.length === 0)
    throw new UsageError(
      `the metric logs have no train or validation value${wanted === undefined ? '' : ` of ${wanted.join(', ')}`}: there are no curves to draw`,
    )
  const names = [...new Set(drawn.map(({ name }) => name))]
  const metrics = wanted?.filter((name) => names.includes(name)) ?? lossFirst(names)
  const panels = metrics.flatMap((metric) =>
    SPLITS.filter((split) => drawn.some((r) => r.name === metric && r.split === split)).map((split) => ({
      metric,
      split,
    })),
  )
  const rows = panels.flatMap((panel) =>
    groups.flatMap((group) => (traces ? traceRows(group, panel) : meanRows(group, panel))),
  )
  const marks = groupMarks(groups.map(({ label }) => label))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    vconcat: rowsOf(metrics, panels).map((row) => ({
      hconcat: row.map((panel) => panelSpec(panel, rows, marks, traces)),
      // The two splits of a metric have one scale; two metrics have none in common.
      ...(row[0]?.metric === row[1]?.metric && { resolve: { scale: { y: 'shared' as const } } }),
    })),
    config: STYLE,
  }
  return plotted({ spec, rows, alt: describe(groups, panels, rows, traces) })
}

const isSplit = (split: string): split is Split => SPLITS.some((known) => known === split)
const lossFirst = (names: readonly string[]): string[] => [
  ...names.filter((name) => name === 'loss'),
  ...names.filter((name) => name !== 'loss'),
]

interface Panel {
  readonly metric: string
  readonly split: Split
}

/** The splits of a metric beside each other; metrics, where there is one split of each. */
function rowsOf(metrics: readonly string[], panels: readonly Panel[]): (readonly Panel[])[] {
  if (panels.length > metrics.length) return metrics.map((metric) => panels.filter((panel) => panel.metric === metric))
  return panels.flatMap((_, i) => (i % 2 === 0 ? [panels.slice(i, i + 2)] : []))
}

const valuesOf = ({ runs }: GroupCurves, { metric, split }: Panel) =>
  runs.map(({ seed, records }) => ({ seed, points: records.filter((r) => r.name === metric && r.split === split) }))

function traceRows(group: GroupCurves, panel: Panel): Row[] {
  return valuesOf(group, panel).flatMap(({ seed, points }) =>
    points.map(({ epoch, value }, i) => ({
      ...{ ...panel, group: group.label, seed, epoch },
      value: Number.isFinite(value) ? value : null,
      isMarked: isMarked(i, points.length),
    })),
  )
}

function meanRows(group: GroupCurves, panel: Panel): Row[] {
  const runs = valuesOf(group, panel).filter(({ points }) => points.length > 0)
  const [first] = runs
  const others = runs.map(({ points }) => new Map(points.map(({ epoch, value }) => [epoch, value])))
  const shared = (first?.points ?? []).filter(({ epoch }) => others.every((values) => values.has(epoch)))
  return shared.map(({ epoch }, i) => {
    const values = others.map((at) => at.get(epoch) ?? Number.NaN)
    const isDrawn = values.every(Number.isFinite)
    return {
      ...{ ...panel, group: group.label, epoch },
      value: isDrawn ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
      low: isDrawn ? Math.min(...values) : null,
      high: isDrawn ? Math.max(...values) : null,
      seeds: values.length,
      isMarked: isMarked(i, shared.length),
    }
  })
}

const isMarked = (i: number, count: number): boolean => i % Math.ceil(count / MARKS) === 0 || i === count - 1

function panelSpec(
  { metric, split }: Panel,
  rows: readonly Row[],
  { color, shape }: ReturnType<typeof groupMarks>,
  traces: boolean,
) {
  const x = {
    field: 'epoch',
    type: 'quantitative' as const,
    axis: { title: 'epoch', format: 'd', tickMinStep: 1, tickCount: 6, grid: false, labelFlush: false },
    scale: { zero: false, nice: false },
  }
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    axis: { title: null, tickCount: 5 },
    scale: scaleOf(rows.filter((row) => row.metric === metric)),
  }
  const detail = traces ? { detail: { field: 'seed', type: 'nominal' as const } } : {}
  const line = {
    mark: { type: 'line' as const, clip: true, strokeWidth: traces ? 1.2 : 2, opacity: traces ? 0.8 : 1 },
    encoding: { x, y, color, ...detail },
  }
  const points = {
    transform: [{ filter: 'datum.isMarked' }],
    mark: { type: 'point' as const, clip: true, filled: true, size: traces ? 18 : 40, opacity: 1 },
    encoding: { x, y, color, shape },
  }
  const band = {
    mark: { type: 'area' as const, clip: true, opacity: color.scale.domain.length > 4 ? 0.1 : 0.18 },
    encoding: {
      ...{ x, color },
      y: { ...y, field: 'low' },
      y2: { field: 'high' },
    },
  }
  return {
    title: { text: `${split === 'train' ? 'training' : split} ${metric}`, fontSize: 13, anchor: 'start' as const },
    transform: [
      {
        filter: {
          and: [
            { field: 'metric', equal: metric },
            { field: 'split', equal: split },
          ],
        },
      },
    ],
    width: 320,
    height: 200,
    layer: traces ? [line, points] : [band, line, points],
  }
}

/** An axis for all values of a metric on which what training ends with can be told apart. */
function scaleOf(rows: readonly Row[]) {
  const points = rows.flatMap(({ epoch, value }) =>
    typeof value === 'number' && typeof epoch === 'number' ? [{ epoch, value }] : [],
  )
  const values = points.map(({ value }) => value)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (least > 0 && most / least > WIDE) return { type: 'log' as const }
  const lastEpoch = Math.max(...points.map(({ epoch }) => epoch))
  const later = points.flatMap(({ epoch, value }) => (epoch >= lastEpoch / 2 ? [value] : []))
  const [low, high] = [Math.min(...later), Math.max(...later)]
  if (!(high > low && most - least > FAR * (high - low))) return { zero: false, nice: 5 }
  const room = high - low
  return { zero: false, nice: 5, domain: [Math.max(least, low - room), Math.min(most, high + room)] }
}

function describe(
  groups: readonly GroupCurves[],
  panels: readonly Panel[],
  rows: readonly Row[],
  traces: boolean,
): string {
  const ends = panels.map(({ metric, split }) => {
    const said = groups.flatMap(({ label }) => {
      const own = rows.filter((row) => row.metric === metric && row.split === split && row.group === label)
      const last = new Map(own.map(({ seed, value }) => [seed, value]))
      const values = [...last.values()].map((value) => (typeof value === 'number' ? short(value) : 'no number'))
      return values.length === 0 ? [] : [`${label} at ${[...new Set(values)].join(', ')}`]
    })
    return `${split} ${metric} ends for ${said.join(', ')}`
  })
  const what = traces ? 'one line a seed' : 'lines are means over the seeds, bands from the smallest to the largest'
  return `Curves of ${groups.length} group${groups.length === 1 ? '' : 's'} over the epochs, ${what}: ${ends.join('; ')}.`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
