import type { TopLevelSpec } from 'vega-lite'
import type { DeletionCurves } from '../../inspect/index.ts'
import { type Figure, plotted, STYLE, titled } from '../figure.ts'
import { seriesEncoding } from '../series.ts'

/** Curves of one order in which places are exchanged. */
export interface NamedDeletion extends DeletionCurves {
  readonly name: string
  /** Whether the order is by chance, which others are compared with. */
  readonly isChance?: boolean
}

/**
 * How fast an output falls when places are taken away in the order of a map, and rises when they come back: deletion on the left, insertion on the right.
 *
 * @example
 * deletionFigure([{ name: 'gradient', ...curves }, { name: 'by chance', isChance: true, ...others }])
 */
export function deletionFigure(orders: readonly NamedDeletion[]): Figure {
  const labels = orders.map(({ name }) => name)
  const panels = ['places taken away: low is good', 'places put back: high is good'] as const
  const rows = orders.flatMap(({ name, shares, deletion, insertion }) =>
    shares.flatMap((share, s) => [
      { label: name, panel: panels[0], share, output: deletion[s] ?? 0 },
      { label: name, panel: panels[1], share, output: insertion[s] ?? 0 },
    ]),
  )
  const series = orders.map(({ name, isChance = false }) => ({ name, isAverage: isChance }))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Do the maps find what matters?', [
      'what a map calls most important goes first',
      'from the sample to the baseline at the left, and back at the right',
    ]),
    data: { values: rows },
    facet: { column: { field: 'panel', sort: [...panels], header: { title: null, labelFontSize: 12 } } },
    spec: {
      width: 280,
      height: 230,
      layer: [
        {
          mark: { type: 'line' },
          encoding: {
            x: {
              field: 'share',
              type: 'quantitative',
              axis: { title: 'share of the places', format: '.0%', tickCount: 5, grid: false },
            },
            y: {
              field: 'output',
              type: 'quantitative',
              axis: { title: 'output (mean over samples)' },
              scale: { zero: false },
            },
            ...seriesEncoding(series, labels, 3),
          },
        },
      ],
    },
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `Output against the share of exchanged places: areas ${orders.map(({ name, areas }) => `${name} ${areas.deletion.toFixed(2)} (deletion) and ${areas.insertion.toFixed(2)} (insertion)`).join(', ')}.`,
  })
}
