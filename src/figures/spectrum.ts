import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'

/** Levels of a sound, or of a class of sounds, at frequencies from 0 on. */
export interface SpectrumCurve {
  readonly name: string
  /** Hz between two levels. */
  readonly frequencyStep: number
  /** dB */
  readonly levels: Float64Array
}

/** More curves than this cannot be told apart; the numbers beside the picture have all. */
const MAX_CURVES = 6

const LOOKS = [
  { color: PALETTE.blue, dash: [1, 0] },
  { color: PALETTE.vermillion, dash: [6, 3] },
  { color: PALETTE.green, dash: [2, 2] },
  { color: PALETTE.purple, dash: [10, 3, 2, 3] },
  { color: PALETTE.orange, dash: [4, 1] },
  { color: PALETTE.black, dash: [1, 3] },
]

/**
 * Spectra: the level at each frequency, a curve for each class, told apart by colour and dashes.
 *
 * @throws UsageError when there is no curve
 *
 * @example
 * const figure = spectrumFigure([{ name: 'bark', ...spectrum([sound], 16_000) }])
 */
export function spectrumFigure(curves: readonly SpectrumCurve[]): Figure {
  if (curves.length === 0) throw new UsageError('a spectrum needs at least one curve: give some')
  const rows = curves.flatMap(({ name, frequencyStep, levels }) =>
    Array.from(levels, (level, i) => ({ name, frequency: i * frequencyStep, level: Number(level.toFixed(2)) })),
  )
  const shown = curves.slice(0, MAX_CURVES).map(({ name }) => name)
  const looks = shown.map((_, i) => LOOKS[i] ?? { color: PALETTE.black, dash: [1, 0] })
  const legend =
    shown.length > 1 ? { title: null, orient: 'top' as const, symbolType: 'stroke', symbolSize: 500 } : null
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: shown.length > 1 ? 'Mean spectra of the classes' : 'Mean spectrum',
    data: { values: rows.filter(({ name }) => shown.includes(name)) },
    width: 480,
    height: 220,
    mark: { type: 'line', strokeWidth: 1.5, strokeJoin: 'round' },
    encoding: {
      x: { field: 'frequency', type: 'quantitative', axis: { title: 'frequency (Hz)', grid: false } },
      y: {
        field: 'level',
        type: 'quantitative',
        axis: { title: 'level (dB)' },
        scale: { zero: false },
      },
      color: {
        field: 'name',
        type: 'nominal',
        scale: { domain: shown, range: looks.map(({ color }) => color) },
        legend,
      },
      strokeDash: {
        field: 'name',
        type: 'nominal',
        scale: { domain: shown, range: looks.map(({ dash }) => dash) },
        legend,
      },
    },
    config: STYLE,
  }
  const peaks = curves.map(({ name, frequencyStep, levels }) => {
    const highest = Math.max(...levels)
    return `${name} strongest at ${Math.round(levels.indexOf(highest) * frequencyStep)} Hz (${highest.toFixed(0)} dB)`
  })
  return plotted({ spec, rows, alt: `Spectra: ${peaks.join('; ')}.` })
}
