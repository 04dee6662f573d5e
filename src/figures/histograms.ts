import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, STYLE } from './figure.ts'

/** Counts in intervals of equal width from `low` to `high`. */
export interface HistogramData {
  readonly low: number
  readonly high: number
  readonly counts: readonly number[]
}

/** A panel of {@link histogramsFigure}. */
export interface HistogramPanel extends HistogramData {
  readonly name: string
}

export interface HistogramsOptions {
  /** What is counted. Default `count`. */
  readonly unit?: string
  /** What the values are, under the only panel. Default: nothing, as the panel's name says it. */
  readonly axis?: string
}

/** Thousands are set apart from 10,000 on, because years are not. */
const PLAIN = "abs(datum.value) < 10000 ? format(datum.value, '~r') : format(datum.value, ',')"

/**
 * Histograms side by side, each with its own range and its own counts.
 *
 * @throws UsageError when there is no panel with a value
 *
 * @example
 * const figure = histogramsFigure([{ name: 'age', low: 0, high: 90, counts: [12, 40, 31] }])
 */
export function histogramsFigure(panels: readonly HistogramPanel[], options: HistogramsOptions = {}): Figure {
  const { unit = 'count', axis } = options
  const drawn = panels.filter(({ counts }) => counts.length > 0)
  if (drawn.length === 0) throw new UsageError('histograms need at least one value: give a panel with counts')
  const rows = drawn.flatMap(({ name, low, high, counts }) => {
    const width = (high - low) / counts.length
    return counts.map((count, i) => ({ name, from: low + i * width, to: low + (i + 1) * width, count }))
  })
  const single = drawn.length === 1
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows },
    columns: single ? 1 : 3,
    facet: {
      field: 'name',
      type: 'nominal',
      sort: drawn.map(({ name }) => name),
      header: {
        title: null,
        labelFontSize: 12,
        labelFontWeight: 'bold',
        labelAnchor: 'start',
        labelColor: '#222',
        labelLimit: 200,
      },
    },
    spec: {
      width: single ? 420 : 190,
      height: single ? 190 : 110,
      mark: { type: 'bar', color: PALETTE.blue, binSpacing: 0.5 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true },
          axis: { title: axis ?? null, grid: false, tickCount: single ? 8 : 4, labelExpr: PLAIN },
          scale: { zero: false, nice: false },
        },
        x2: { field: 'to' },
        y: {
          field: 'count',
          type: 'quantitative',
          axis: {
            title: single ? unit : null,
            tickCount: 3,
            format: '~s',
          },
        },
      },
    },
    resolve: { scale: { x: 'independent', y: 'independent' }, axis: { x: 'independent', y: 'independent' } },
    config: STYLE,
  }
  return { spec, rows, alt: describe(drawn, unit) }
}

function describe(panels: readonly HistogramPanel[], unit: string): string {
  const said = panels.map(({ name, low, high, counts }) => {
    const most = Math.max(...counts)
    const at = low + ((counts.indexOf(most) + 0.5) * (high - low)) / counts.length
    return `${name} from ${short(low)} to ${short(high)}, most (${short(most)}) around ${short(at)}`
  })
  return `Histograms (${unit}): ${said.join('; ')}.`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
