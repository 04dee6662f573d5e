import type { TopLevelSpec } from 'vega-lite'
import type { MetricComparison } from '../compare/index.ts'
import { UsageError } from '../errors.ts'
import { type Figure, INK, PALETTE, plotted, type Row, STYLE } from './figure.ts'
import { groupMarks, MOST_GROUPS } from './groupMarks.ts'

/** How an interval came about, as the legend says it. */
const OVER = { seeds: 'interval over seeds', examples: 'interval over test examples', nothing: 'no interval' } as const

/**
 * Scores of groups with their intervals, a panel a metric: a dot for the mean or the single value, a line for the interval, which is dashed where it
 * is over test examples and not over seeds, and a stroke for each seed.
 *
 * @param labels - of the groups by id, in the order of the rows
 * @throws UsageError when there is no score
 *
 * @example
 * const { groups, metrics } = await compareGroups(opened)
 * scoreIntervals(metrics, new Map(groups.map(({ id, label }) => [id, label])))
 */
export function scoreIntervals(metrics: readonly MetricComparison[], labels: ReadonlyMap<string, string>): Figure {
  const groups = [...labels.values()]
  const rows = metrics.flatMap(({ metric, scores }) =>
    scores.flatMap((score): Row[] => {
      const group = labels.get(score.group)
      if (score.kind === 'missing' || group === undefined) return []
      const { estimate, interval, values } = score
      const bounds =
        interval.over === 'nothing' ? { low: null, high: null } : { low: interval.low, high: interval.high }
      return [
        { metric, group, part: 'score', value: estimate, ...bounds, over: OVER[interval.over] },
        ...(values.length < 2
          ? []
          : values.map(({ seed, value }) => ({
              metric,
              group,
              part: 'seed',
              value,
              low: null,
              high: null,
              over: null,
              seed,
            }))),
      ]
    }),
  )
  if (rows.length === 0) throw new UsageError('there is no score on the test split to draw')
  // Rows have their names beside them: colour and shape only lead over to the curves.
  const { color, shape } = marksOf(groups)
  const y = {
    field: 'group',
    type: 'nominal' as const,
    sort: groups,
    scale: { domain: groups },
    axis: { title: null, labelLimit: 400, ticks: false, domain: false, grid: true, labelFontSize: 12 },
  }
  const x = (field: string, title: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { zero: false },
    axis: { title, tickCount: 5 },
  })
  const kinds = [OVER.seeds, OVER.examples].filter((over) => rows.some((row) => row.over === over))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    columns: 2,
    concat: metrics.map(({ metric, goal }) => {
      const title = goal === 'min' ? 'lower is better' : 'higher is better'
      return {
        title: { text: metric, fontSize: 13, anchor: 'start' as const },
        transform: [{ filter: { field: 'metric', equal: metric } }],
        width: 260,
        height: { step: 28 },
        layer: [
          {
            transform: [{ filter: "datum.part === 'seed'" }],
            mark: { type: 'tick' as const, thickness: 1.5, size: 14, color: INK.line },
            encoding: { x: x('value', title), y },
          },
          {
            transform: [{ filter: "datum.part === 'score' && isValid(datum.low)" }],
            mark: { type: 'rule' as const, strokeWidth: 2 },
            encoding: {
              ...{ x: x('low', title), x2: { field: 'high' }, y, color },
              strokeDash: {
                field: 'over',
                type: 'nominal' as const,
                scale: { domain: kinds, range: kinds.map((over) => (over === OVER.seeds ? [1, 0] : [5, 3])) },
                legend: {
                  title: null,
                  orient: 'top' as const,
                  symbolSize: 400,
                  symbolStrokeColor: INK.text,
                  labelLimit: 300,
                },
              },
            },
          },
          {
            transform: [{ filter: "datum.part === 'score'" }],
            mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
            encoding: { x: x('value', title), y, color, shape },
          },
        ],
      }
    }),
    config: STYLE,
  }
  return plotted({ spec, rows, alt: describe(rows) })
}

function marksOf(groups: readonly string[]) {
  if (groups.length > MOST_GROUPS) return { color: { value: PALETTE.blue }, shape: { value: 'circle' } }
  const { color, shape } = groupMarks(groups)
  return { color: { ...color, legend: null }, shape: { ...shape, legend: null } }
}

function describe(rows: readonly Row[]): string {
  const said = rows.flatMap(({ metric, group, part, value, low, high }) =>
    part !== 'score'
      ? []
      : [`${group} has ${metric} ${short(value)}${low === null ? '' : ` (${short(low)} to ${short(high)})`}`],
  )
  return `Scores on the test split with their intervals: ${said.join('; ')}.`
}

const short = (value: Row[string] | undefined): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(4))) : 'no number'
