import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'

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
  /** Default `Histograms`. */
  readonly title?: string
  /** Whether values are days from 1970-01-01, told as dates. Default false. */
  readonly isDate?: boolean
}

/** Thousands are set apart from 10,000 on, because years are not; a count of 0 has no prefix. */
const NUMBERS =
  "abs(datum.value) < 1e4 ? format(datum.value, '~r') : abs(datum.value) < 1e6 ? format(datum.value, ',~r') : format(datum.value, '~s')"
const COUNTS = "datum.value === 0 ? '0' : format(datum.value, '~s')"
const DAY = 86_400_000

/**
 * Histograms side by side, each with its own range and its own counts.
 *
 * @throws UsageError when there is no panel with a value
 *
 * @example
 * const figure = histogramsFigure([{ name: 'age', low: 0, high: 90, counts: [12, 40, 31] }])
 */
export function histogramsFigure(panels: readonly HistogramPanel[], options: HistogramsOptions = {}): Figure {
  const { unit = 'count', axis, title = 'Histograms', isDate = false } = options
  const drawn = panels.filter(({ counts }) => counts.length > 0)
  if (drawn.length === 0) throw new UsageError('histograms need at least one value: give a panel with counts')
  const rows = drawn.flatMap(({ name, low, high, counts }) => {
    const width = (high - low) / counts.length
    const at = (i: number): number | string =>
      isDate ? new Date((low + i * width) * DAY).toISOString() : low + i * width
    return counts.map((count, i) => ({ name, from: at(i), to: at(i + 1), count }))
  })
  const single = drawn.length === 1
  const panel = {
    width: single ? 420 : 190,
    height: single ? 190 : 110,
    mark: { type: 'bar' as const, color: PALETTE.blue, binSpacing: 0.5 },
    encoding: {
      x: {
        field: 'from',
        ...(isDate
          ? { type: 'temporal' as const, scale: { type: 'utc' as const, nice: false } }
          : { type: 'quantitative' as const, bin: { binned: true }, scale: { zero: false, nice: false } }),
        axis: {
          title: axis ?? null,
          grid: false,
          tickCount: single ? 8 : 4,
          ...(!isDate && { labelExpr: NUMBERS }),
        },
      },
      x2: { field: 'to' },
      y: {
        field: 'count',
        type: 'quantitative' as const,
        axis: { title: unit, tickCount: 3, tickMinStep: 1, labelExpr: COUNTS },
        // Ending on a tick, so that the panels' names are on one line.
        scale: { nice: 3, zero: true },
      },
      y2: { datum: 0 },
    },
  }
  const common = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title,
    data: { values: rows },
    config: STYLE,
  }
  const spec: TopLevelSpec = single
    ? { ...common, ...panel }
    : {
        ...common,
        columns: 3,
        facet: {
          field: 'name',
          type: 'nominal',
          sort: drawn.map(({ name }) => name),
          header: {
            title: null,
            labelFontSize: 12,
            labelFontWeight: 'bold',
            labelAnchor: 'start',
            labelLimit: 200,
          },
        },
        spec: panel,
        resolve: { scale: { x: 'independent', y: 'independent' }, axis: { x: 'independent', y: 'independent' } },
      }
  return plotted({ spec, rows, alt: describe(drawn, unit, isDate) })
}

function describe(panels: readonly HistogramPanel[], unit: string, isDate: boolean): string {
  const said = panels.map(({ name, low, high, counts }) => {
    const most = Math.max(...counts)
    const at = low + ((counts.indexOf(most) + 0.5) * (high - low)) / counts.length
    const said = (value: number): string => (isDate ? new Date(value * DAY).toISOString().slice(0, 10) : short(value))
    return `${name} from ${said(low)} to ${said(high)}, most (${short(most)}) around ${said(at)}`
  })
  return `Histograms (${unit}): ${said.join('; ')}.`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
