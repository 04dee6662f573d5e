import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from '../figure.ts'

/** A signal, or a vector, in a table of small plots. */
export interface SmallSignal {
  readonly row: string
  readonly column: string
  /** Written into the plot. */
  readonly note?: string
  readonly values: Float32Array
  /** Places that are marked, from the first to the one after the last. */
  readonly from?: number
  readonly to?: number
}

/** Places that can be told apart in a small plot. */
const MOST = 160

/**
 * Signals as a table of small line plots, all on one scale.
 *
 * @throws UsageError where there is none
 *
 * @example
 * smallSignals('What excites each channel', [{ row: 'channel 0', column: '1', values }])
 */
export function smallSignals(
  title: string,
  signals: readonly SmallSignal[],
  { place = 'place', subtitle }: { readonly place?: string; readonly subtitle?: string } = {},
): Figure {
  if (signals.length === 0) throw new UsageError('there is no signal to draw: give at least one')
  const order = (of: 'row' | 'column'): string[] => [...new Set(signals.map((signal) => signal[of]))]
  const values = signals.flatMap(({ row, column, note, values: own, from, to }) => {
    const step = Math.max(1, Math.ceil(own.length / MOST))
    return Array.from({ length: Math.ceil(own.length / step) }, (_, i) => ({
      ...{ row, column, note: i === 0 ? (note ?? '') : '' },
      ...{ place: i * step, value: own[i * step] ?? 0 },
      ...{ from: i === 0 ? (from ?? null) : null, to: i === 0 ? (to ?? null) : null },
    }))
  })
  const x = {
    field: 'place',
    type: 'quantitative' as const,
    axis: { title: place, grid: false, tickCount: 3, tickMinStep: 1 },
    scale: { nice: false },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, ...(subtitle !== undefined && { subtitle, subtitleColor: INK.text, subtitleFontSize: 11 }) },
    data: { values },
    facet: {
      row: {
        field: 'row',
        sort: order('row'),
        header: { title: null, labelAngle: 0, labelAlign: 'left', labelLimit: 0, labelFontSize: 11 },
      },
      column: { field: 'column', sort: order('column'), header: { title: null, labelFontSize: 11 } },
    },
    spacing: { row: 20, column: 8 },
    spec: {
      width: 130,
      height: 60,
      layer: [
        {
          transform: [{ filter: 'datum.from !== null' }],
          mark: { type: 'rect', color: PALETTE.sky, opacity: 0.3 },
          encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
        },
        {
          mark: { type: 'line', color: PALETTE.blue, strokeWidth: 1 },
          encoding: { x, y: { field: 'value', type: 'quantitative', axis: { title: null, tickCount: 3 } } },
        },
        {
          transform: [{ filter: "datum.note !== ''" }],
          mark: { type: 'text', align: 'right', baseline: 'bottom', fontSize: 10, color: INK.text },
          encoding: { x: { value: 128 }, y: { value: -1 }, text: { field: 'note' } },
        },
      ],
    },
    config: STYLE,
  }
  return plotted({
    spec,
    rows: values.map(({ note: _, ...rest }) => rest),
    alt: `${signals.length} small plots: ${title}.`,
  })
}
