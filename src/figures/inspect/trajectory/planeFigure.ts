import type { TopLevelSpec } from 'vega-lite'
import type { Plane, Trajectories } from '../../../inspect/index.ts'
import { type Figure, INK, PALETTE, plotted, type Row, STYLE, titled } from '../../figure.ts'
import { seriesEncoding } from '../../series.ts'

const SIZE = { one: 460, several: 300 } as const
/** Pixels between two epochs that are written: nearer ones would lie over each other. */
const APART = 18

/**
 * The ways of several runs in the plane of two components, or with three of them in three planes: a line a run from its start (circle) to its
 * end (diamond), epochs beside the points.
 *
 * @param labels of the runs, all different
 * @example
 * planeFigure(ways, await trajectoryPlane(ways), ['seed 0', 'seed 1'])
 */
export function planeFigure({ points }: Trajectories, plane: Plane, labels: readonly string[]): Figure {
  const rows = points.map(({ run, step, epoch }, i) => {
    const isStart = points[i - 1]?.run !== run
    const isEnd = points[i + 1]?.run !== run
    return {
      ...{ label: labels[run] ?? '', step, epoch: Number(epoch.toFixed(3)) },
      mark: isStart ? 'start' : isEnd ? 'end' : 'between',
      ...Object.fromEntries(plane.coordinates.map((along, k) => [`component${k + 1}`, along[i] ?? 0])),
    }
  })
  const count = plane.coordinates.length
  const pairs = Array.from({ length: count }, (_, y) => Array.from({ length: y }, (__, x) => [x, y] as const)).flat()
  const of = plane.layer === undefined ? 'the whole model' : `layer ${plane.layer}`
  const size = pairs.length > 1 ? SIZE.several : SIZE.one
  const title = `Ways of the weights of ${of}`
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, ['circle: start; diamond: end; numbers: epochs']),
    hconcat: pairs.map(([x, y]) => {
      const position = {
        x: axisOf(plane, x),
        y: axisOf(plane, y),
      }
      const series = seriesEncoding(
        labels.map((name) => ({ name })),
        labels,
        4,
      )
      const { color } = series
      return {
        width: size,
        height: size,
        layer: [
          {
            data: { values: rows },
            mark: { type: 'line', opacity: 0.85 },
            encoding: { ...position, order: { field: 'step', type: 'quantitative' }, ...series },
          },
          {
            data: { values: rows.filter(({ mark }) => mark === 'between') },
            mark: { type: 'point', filled: true, size: 16, opacity: 0.9 },
            encoding: { ...position, color },
          },
          ...(['start', 'end'] as const).map((mark) => ({
            data: { values: rows.filter((row) => row.mark === mark) },
            mark: {
              type: 'point' as const,
              filled: true,
              opacity: 1,
              size: mark === 'start' ? 70 : 110,
              shape: mark === 'start' ? 'circle' : 'diamond',
              stroke: PALETTE.black,
              strokeWidth: 1,
            },
            encoding: { ...position, color },
          })),
          {
            data: { values: apart(rows, `component${x + 1}`, `component${y + 1}`, size) },
            mark: { type: 'text', dx: 7, dy: -7, fontSize: 9, align: 'left', color: INK.text },
            encoding: { ...position, text: { field: 'epoch', type: 'quantitative', format: '~g' } },
          },
        ],
      }
    }),
    config: STYLE,
  }
  return plotted({ spec, rows, alt: sentence(plane, of, new Set(points.map(({ run }) => run)).size, points.length) })
}

/** Those points whose epochs can be read beside each other; ends first, then starts, then the others. */
function apart<R extends Row>(rows: readonly R[], x: string, y: string, size: number): R[] {
  const pixels = (field: string) => {
    const values = rows.map((row) => Number(row[field]))
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return (row: R): number => ((Number(row[field]) - low) / (high - low || 1)) * size
  }
  const [across, up] = [pixels(x), pixels(y)]
  const chosen: R[] = []
  for (const mark of ['end', 'start', 'between'])
    for (const row of rows)
      if (
        row.mark === mark &&
        chosen.every((other) => Math.hypot(across(row) - across(other), up(row) - up(other)) >= APART)
      )
        chosen.push(row)
  return chosen
}

const axisOf = (plane: Plane, component: number) => ({
  field: `component${component + 1}`,
  type: 'quantitative' as const,
  scale: { zero: false, padding: 18 },
  axis: {
    title: `component ${component + 1} (${percent(plane.explained[component])} of the variance)`,
    tickCount: 5,
  },
})

const percent = (share = 0): string => `${Number((100 * share).toPrecision(3))} %`

function sentence({ explained, shares }: Plane, of: string, runs: number, points: number): string {
  const all = explained.reduce((sum, share) => sum + share, 0)
  const [most] = [...(shares[0] ?? [])].sort(([, a], [, b]) => b - a)
  const layers =
    (shares[0]?.size ?? 0) > 1 && most
      ? ` Layer ${most[0]} has the largest part of the first: ${percent(most[1])}.`
      : ''
  return `Weights of ${of} at ${points} times of ${runs} run${runs === 1 ? '' : 's'}: ${explained.length} components have ${percent(all)} of the variance (${explained.map(percent).join(', ')}).${layers}`
}
