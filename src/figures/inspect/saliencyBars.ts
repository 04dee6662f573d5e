import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { short } from '../featureSheet.ts'
import { type Figure, INK, PALETTE, plotted, STYLE, titled } from '../figure.ts'

/** A row of a table and what several methods say of its features. */
export interface ExplainedRow {
  /** Which sample, in a line. */
  readonly name: string
  /** One a feature. */
  readonly values: Float32Array
  readonly maps: readonly { readonly name: string; readonly values: Float32Array }[]
}

/** Features that are drawn. */
const MOST = 20

/**
 * Explanations of rows of a table: a row of panels a sample, a panel a method, a bar a feature with the value that the sample has. Methods have scales of their own.
 *
 * @param features - names, as `featureNames` gives them
 * @throws UsageError where there is no sample
 *
 * @example
 * saliencyBars('What speaks for survival', ['age', 'fare'], [{ name: 'row 3', values, maps: [{ name: 'gradient', values: slopes }] }])
 */
export function saliencyBars(title: string, features: readonly string[], samples: readonly ExplainedRow[]): Figure {
  const [first] = samples
  if (first === undefined) throw new UsageError('there is no sample to explain: choose at least one')
  const rows = samples.flatMap(({ name, values, maps }) =>
    maps.flatMap(({ name: method, values: map }) =>
      features.map((feature, f) => ({
        sample: name,
        method,
        feature,
        value: Number.isNaN(values[f]) ? null : (values[f] ?? 0),
        attribution: map[f] ?? 0,
      })),
    ),
  )
  const panels = samples.map(({ name, values, maps }) => {
    const order = strongest(maps.map((map) => map.values)).map((f) => ({
      f,
      label: `${features[f] ?? f} ${Number.isNaN(values[f]) ? 'missing' : `= ${short(values[f] ?? 0)}`}`,
    }))
    return {
      title: { text: name, anchor: 'start' as const, fontSize: 12 },
      spacing: 18,
      hconcat: maps.map(({ name: method, values: map }, m) => ({
        title: { text: method, fontSize: 11, fontWeight: 'normal' as const, anchor: 'start' as const },
        width: 150,
        height: { step: 18 },
        data: { values: order.map(({ f, label }) => ({ feature: label, attribution: map[f] ?? 0 })) },
        encoding: {
          y: {
            field: 'feature',
            type: 'nominal' as const,
            sort: order.map(({ label }) => label),
            axis: m === 0 ? { title: null, labelLimit: 220, ticks: false, domain: false } : null,
          },
        },
        layer: [
          {
            mark: { type: 'bar' as const, height: 12 },
            encoding: {
              x: {
                field: 'attribution',
                type: 'quantitative' as const,
                axis: { title: null, tickCount: 4, format: '.2~g' },
              },
              color: { condition: { test: 'datum.attribution >= 0', value: PALETTE.orange }, value: PALETTE.blue },
            },
          },
          { mark: { type: 'rule' as const, color: INK.line }, encoding: { x: { datum: 0 } } },
        ],
      })),
    }
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, [
      'orange speaks for it, blue against it; each panel on a scale of its own',
      '× σ: for a change by one standard deviation of the feature',
    ]),
    vconcat: panels,
    spacing: 24,
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `What ${first.maps.map(({ name }) => name).join(', ')} say of ${features.length} features in ${samples.length} samples.`,
  })
}

/** Features that the methods together find strongest, each method's largest counting 1. */
function strongest(maps: readonly Float32Array[]): number[] {
  const [first = new Float32Array()] = maps
  const sums = new Float64Array(first.length)
  for (const map of maps) {
    const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    if (largest > 0) for (const [f, value] of map.entries()) sums[f] = (sums[f] ?? 0) + Math.abs(value) / largest
  }
  return Array.from(sums.keys())
    .sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0))
    .slice(0, MOST)
}
