import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { short } from '../featureSheet.ts'
import { type Figure, INK, PALETTE, plotted, STYLE, titled } from '../figure.ts'
import { type SmallSignal, smallSignals } from './smallSignals.ts'

/** More features than this are drawn as a line. */
const MOST = 40

/**
 * Vectors as a table of small plots with a bar a feature, its value written beside it. Features have units of their own: a bar goes from the smallest value
 * of its feature in the table to the largest. Long vectors are lines.
 *
 * @param names - of the features; default their numbers
 * @throws UsageError where there is none
 *
 * @example
 * smallBars('What excites each unit', [{ row: 'unit 0', column: '1', values }], ['age', 'fare'])
 */
export function smallBars(
  title: string,
  vectors: readonly SmallSignal[],
  names: readonly string[] | undefined,
  subtitle?: string,
): Figure {
  const [first] = vectors
  if (first === undefined) throw new UsageError('there is no vector to draw: give at least one')
  const count = first.values.length
  if (count > MOST)
    return smallSignals(title, vectors, { place: 'feature', ...(subtitle !== undefined && { subtitle }) })
  const features = names ?? Array.from({ length: count }, (_, f) => `input ${f}`)
  const spans = features.map((_, f) => {
    const own = vectors.map(({ values }) => values[f] ?? 0).filter((value) => !Number.isNaN(value))
    return { low: Math.min(...own), high: Math.max(...own) }
  })
  const rows = vectors.flatMap(({ row, column, values }) =>
    features.map((feature, f) => ({ row, column, feature, value: Number.isNaN(values[f]) ? null : (values[f] ?? 0) })),
  )
  const drawn = vectors.flatMap(({ row, column, note, values }) =>
    features.map((feature, f) => {
      const [value, { low, high } = { low: 0, high: 1 }] = [values[f] ?? 0, spans[f]]
      const share = Number.isNaN(value) ? 0 : high > low ? (value - low) / (high - low) : 0.5
      return {
        row,
        column,
        note: f === 0 ? (note ?? '') : '',
        feature,
        share,
        text: Number.isNaN(value) ? 'missing' : short(value),
      }
    }),
  )
  const order = (of: 'row' | 'column'): string[] => [...new Set(vectors.map((vector) => vector[of]))]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, [
      'bars: from the smallest value of a feature here to its largest',
      ...(subtitle === undefined ? [] : [subtitle]),
    ]),
    data: { values: drawn },
    facet: {
      row: {
        field: 'row',
        sort: order('row'),
        header: { title: null, labelAngle: 0, labelAlign: 'left', labelLimit: 0, labelFontSize: 11 },
      },
      column: { field: 'column', sort: order('column'), header: { title: null, labelFontSize: 11 } },
    },
    spacing: 12,
    spec: {
      width: 130,
      height: { step: 14 },
      layer: [
        {
          mark: { type: 'bar', color: PALETTE.sky, height: 11 },
          encoding: {
            x: { field: 'share', type: 'quantitative', axis: null, scale: { domain: [0, 1.5] } },
            y: { field: 'feature', type: 'nominal', sort: [...features], axis: { title: null, ticks: false } },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 3, fontSize: 10, color: INK.text },
          encoding: {
            x: { field: 'share', type: 'quantitative', scale: { domain: [0, 1.5] } },
            y: { field: 'feature', type: 'nominal', sort: [...features] },
            text: { field: 'text' },
          },
        },
        {
          transform: [{ filter: "datum.note !== ''" }],
          mark: {
            type: 'text',
            align: 'right',
            baseline: 'bottom',
            fontSize: 10,
            color: INK.strong,
            fontWeight: 'bold',
          },
          encoding: { x: { value: 130 }, y: { value: -1 }, text: { field: 'note' } },
        },
      ],
    },
    config: STYLE,
  }
  return plotted({ spec, rows, alt: `${vectors.length} vectors of ${count} features: ${title}.` })
}
