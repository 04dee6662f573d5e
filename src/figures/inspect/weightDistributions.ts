import type { TopLevelSpec } from 'vega-lite'
import type { WeightHistogram, WeightQuantiles } from '../../inspect/index.ts'
import { type Figure, PALETTE, plotted, type Row, STYLE, titled } from '../figure.ts'
import { seriesEncoding } from '../series.ts'
import { OWN, panels, SIZE } from './weightPanels.ts'
import { three } from './words.ts'

/** How the numbers of each weight are distributed in each snapshot, as outlines over each other. */
export function weightHistogramsFigure(histograms: readonly WeightHistogram[]): Figure {
  const rows = histograms.flatMap(({ name, low, high, series }) =>
    series.flatMap(({ label, counts }) => {
      const width = (high - low) / counts.length
      return counts.map((count, i) => ({ name, label, from: low + i * width, to: low + (i + 1) * width, count }))
    }),
  )
  const labels = histograms[0]?.series.map(({ label }) => label) ?? []
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `Weights, ${labels.join(' and ')}`,
    // Outlines end on the ground, so the last interval is closed.
    data: { values: closed(rows) },
    ...panels(histograms.map(({ name }) => name)),
    spec: {
      ...SIZE,
      mark: { type: 'line', interpolate: 'step-after' },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          scale: { zero: false, nice: false },
          axis: { title: null, grid: false, tickCount: 4 },
        },
        y: { field: 'count', type: 'quantitative', axis: { title: 'numbers', tickCount: 3, format: '~s' } },
        ...seriesEncoding(
          labels.map((name) => ({ name })),
          labels,
          labels.length,
        ),
      },
    },
    resolve: OWN,
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `Histograms of ${histograms.length} weights, ${labels.join(' and ')}${widened(histograms)}.`,
  })
}

/** Which weight's numbers spread most from the first snapshot to the last. */
function widened(histograms: readonly WeightHistogram[]): string {
  const ratios = histograms.flatMap(({ name, low, high, series }) => {
    const spreadOf = (counts: readonly number[] = []): number => {
      const at = (i: number): number => low + ((i + 0.5) * (high - low)) / counts.length
      const all = counts.reduce((sum, count) => sum + count, 0)
      const mean = counts.reduce((sum, count, i) => sum + count * at(i), 0) / all
      return Math.sqrt(counts.reduce((sum, count, i) => sum + count * (at(i) - mean) ** 2, 0) / all)
    }
    const [before, after] = [spreadOf(series[0]?.counts), spreadOf(series.at(-1)?.counts)]
    return before > 0 && series.length > 1 ? [{ name, ratio: after / before }] : []
  })
  const [most] = ratios.toSorted((a, b) => b.ratio - a.ratio)
  return most === undefined
    ? ''
    : `: those of ${most.name} spread most, to ${three(most.ratio)} times their first standard deviation`
}

function closed(rows: readonly (Row & { readonly from: number; readonly to: number })[]): Row[] {
  return rows.flatMap((row, i) => {
    const next = rows[i + 1]
    const isLast = next === undefined || next.name !== row.name || next.label !== row.label
    return isLast ? [row, { ...row, from: row.to, count: 0 }] : [row]
  })
}

/** Bands of the values of each weight over the epochs: all, nine tenths, the middle half, and the median. */
export function weightQuantilesFigure(quantiles: readonly WeightQuantiles[]): Figure {
  const rows = quantiles.map(({ name, label, epoch, values }) => {
    const [min = 0, q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0, max = 0] = values
    return { name, label, epoch, min, q05, q25, median, q75, q95, max }
  })
  const x = {
    field: 'epoch',
    type: 'quantitative' as const,
    scale: { nice: false },
    axis: { title: 'epoch', tickMinStep: 1, tickCount: 5, grid: false },
  }
  const band = (low: string, high: string, opacity: number) => ({
    mark: { type: 'area' as const, color: PALETTE.blue, opacity },
    encoding: {
      x,
      y: { field: low, type: 'quantitative' as const, axis: { title: 'weight', tickCount: 4 } },
      y2: { field: high },
    },
  })
  const names = [...new Set(rows.map(({ name }) => name))]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Weights over the epochs', ['bands: all values, 90 % and 50 % of them; line: median']),
    data: { values: rows },
    ...panels(names),
    spec: {
      ...SIZE,
      layer: [
        band('min', 'max', 0.15),
        band('q05', 'q95', 0.25),
        band('q25', 'q75', 0.4),
        {
          mark: { type: 'line', color: PALETTE.black, strokeWidth: 1.5 },
          encoding: { x, y: { field: 'median', type: 'quantitative' } },
        },
      ],
    },
    resolve: OWN,
    config: STYLE,
  }
  const widest = names
    .map((name) => {
      const own = rows.filter((row) => row.name === name)
      const [first, last] = [own[0], own.at(-1)]
      return { name, ratio: first && last ? (last.q95 - last.q05) / Math.max(first.q95 - first.q05, 1e-30) : 1 }
    })
    .toSorted((a, b) => b.ratio - a.ratio)[0]
  const epochs = new Set(rows.map(({ epoch }) => epoch)).size
  const alt = `Values of ${names.length} weights at ${epochs} times: those of ${widest?.name} spread most, to ${three(widest?.ratio ?? 1)} times their first width (90 % of them).`
  return plotted({ spec, rows, alt })
}
