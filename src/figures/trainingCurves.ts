import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import type { MetricRecord } from '../runs/index.ts'
import { type Figure, PALETTE, plotted, type Row, STYLE } from './figure.ts'

/** Splits that are drawn, in the legend's order. A test split has one value, not a curve. */
const SPLITS = ['train', 'validation'] as const
/** Up to this many epochs each value gets a dot; beyond it dots hide the lines. */
const MAX_DOTS = 40

/** Loss first, accuracy second, the others in the order in which they were logged. */
function panelOrder(names: readonly string[]): string[] {
  const rank = (name: string) => (name === 'loss' ? 0 : name === 'accuracy' ? 1 : 2)
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b))
}

/** One row per metric, split and evaluation, at the epochs done by then, a fraction inside an epoch. */
const rowsOf = (records: readonly MetricRecord[]): Row[] =>
  records.map(({ name, split, epoch, value }) => ({
    ...{ metric: name, split, epoch },
    // Vega-Lite breaks the line at null: a loss that became NaN shows as a gap, not as a zero.
    value: Number.isFinite(value) ? value : null,
  }))

/**
 * Loss, accuracy and every other logged metric over the epochs, one panel each; training solid, validation dashed,
 * so that the two can be told apart in grey print as well.
 *
 * @param records - a metric log; splits other than `train` and `validation` are left out
 * @throws UsageError when there is nothing to draw
 *
 * @example
 * const figure = trainingCurves(await readMetrics(run))
 * await saveFigure(run.folder, 'training-curves', figure)
 */
export function trainingCurves(records: readonly MetricRecord[]): Figure {
  const drawn = records.filter((r) => SPLITS.some((split) => split === r.split))
  if (drawn.length === 0) {
    throw new UsageError(
      'the metric log has no train or validation value: train at least one epoch before drawing curves',
    )
  }
  const rows = rowsOf(drawn)
  const metrics = panelOrder(drawn.map((r) => r.name))
  const splits = SPLITS.filter((split) => drawn.some((r) => r.split === split))
  const lastEpoch = Math.max(...drawn.map((r) => Math.ceil(r.epoch)))
  const color = { train: PALETTE.blue, validation: PALETTE.vermillion }
  const dash = { train: [1, 0], validation: [5, 3] }
  const domain = [...splits]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    columns: 2,
    facet: {
      field: 'metric',
      type: 'nominal',
      sort: metrics,
      header: { title: null, labelFontSize: 13, labelFontWeight: 'bold', labelAnchor: 'start' },
    },
    spec: {
      width: 320,
      height: 190,
      mark: { type: 'line', strokeWidth: 2, point: lastEpoch <= MAX_DOTS && { size: 24, filled: true } },
      encoding: {
        x: {
          field: 'epoch',
          type: 'quantitative',
          axis: { title: 'epoch', format: 'd', tickMinStep: 1, grid: false, labelFlush: false },
          scale: { zero: false, nice: false },
        },
        y: {
          field: 'value',
          type: 'quantitative',
          axis: { title: null, tickCount: 5 },
          scale: { zero: false, nice: 5 },
        },
        color: {
          field: 'split',
          type: 'nominal',
          scale: { domain, range: splits.map((split) => color[split]) },
          legend: { title: null, orient: 'top', symbolType: 'stroke', symbolSize: 500, symbolStrokeWidth: 2 },
        },
        strokeDash: {
          field: 'split',
          type: 'nominal',
          scale: { domain, range: splits.map((split) => dash[split]) },
          legend: { title: null, orient: 'top' },
        },
      },
    },
    // Every metric has its own range, and every panel its own axis of epochs to read it by.
    resolve: { scale: { y: 'independent' }, axis: { x: 'independent' } },
    config: STYLE,
  }
  return plotted({ spec, rows, alt: describe(rows, metrics, splits) })
}

function describe(rows: readonly Row[], metrics: readonly string[], splits: readonly string[]): string {
  const said = metrics.flatMap((metric) =>
    splits.flatMap((split) => {
      const values = rows.filter((row) => row.metric === metric && row.split === split && row.value !== null)
      const [first, last] = [values[0], values.at(-1)]
      if (first === undefined || last === undefined) return []
      return [`${split} ${metric} from ${short(first.value)} to ${short(last.value)}`]
    }),
  )
  const epochs = new Set(rows.map((row) => row.epoch)).size
  return `Training curves over ${epochs} epoch${epochs === 1 ? '' : 's'}: ${said.join('; ')}.`
}

const short = (value: Row[string] | undefined): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : 'no number'
