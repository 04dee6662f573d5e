import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'

/** A sound to draw. */
export interface Sound {
  readonly name: string
  /** One channel, full scale −1 to 1. */
  readonly values: Float32Array
}

/** Columns of a panel: each is drawn from the smallest to the largest of its values. */
const COLUMNS = 400

/**
 * Waveforms below each other: from the smallest to the largest value of each moment.
 *
 * @param rate - values a second
 * @throws UsageError when there is no sound
 *
 * @example
 * const figure = waveformFigure([{ name: 'bark', values }], 16_000)
 */
export function waveformFigure(sounds: readonly Sound[], rate: number): Figure {
  if (sounds.length === 0) throw new UsageError('waveforms need at least one sound: give some')
  const rows = sounds.flatMap(({ name, values }) => {
    const columns = Math.min(COLUMNS, values.length)
    return Array.from({ length: columns }, (_, i) => {
      const part = values.subarray(
        Math.floor((i * values.length) / columns),
        Math.floor(((i + 1) * values.length) / columns),
      )
      const [low, high] = [part.reduce((a, b) => Math.min(a, b)), part.reduce((a, b) => Math.max(a, b))]
      return { name, time: (i * values.length) / columns / rate, low, high }
    })
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Waveforms',
    data: { values: rows },
    facet: {
      row: {
        field: 'name',
        type: 'nominal',
        sort: sounds.map(({ name }) => name),
        header: {
          title: null,
          labelOrient: 'top',
          labelAnchor: 'start',
          labelAngle: 0,
          labelFontSize: 12,
          labelLimit: 480,
        },
      },
    },
    spacing: 8,
    spec: {
      width: 480,
      height: 80,
      mark: { type: 'area', color: PALETTE.blue, line: { strokeWidth: 0.5, color: PALETTE.blue }, opacity: 1 },
      encoding: {
        x: { field: 'time', type: 'quantitative', axis: { title: 'time (s)', grid: false } },
        y: {
          field: 'low',
          type: 'quantitative',
          axis: { title: 'amplitude', values: [-1, 0, 1] },
          scale: { domain: [-1, 1], clamp: true },
        },
        y2: { field: 'high' },
      },
    },
    config: STYLE,
  }
  const loudest = sounds.map(({ name, values }) => {
    const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    return `${name} (${(values.length / rate).toFixed(2)} s, largest amplitude ${most.toFixed(2)})`
  })
  return plotted({ spec, rows, alt: `Waveforms of ${loudest.join(', ')}.` })
}
