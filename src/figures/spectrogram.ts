import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, plotted, STYLE } from './figure.ts'

/** Levels of a sound over time and frequency. */
export interface SpectrogramPanel {
  readonly name: string
  /** Hz between two frequencies, from 0 on. */
  readonly frequencyStep: number
  /** Seconds between two windows. */
  readonly timeStep: number
  /** dB, [windows][frequencies] */
  readonly levels: readonly Float64Array[]
}

/** Cells of a panel: neighbours are drawn as one, by the highest of their levels. */
const [COLUMNS, ROWS] = [120, 64]
/** dB below the highest level that are told apart. */
const DEPTH = 80

/**
 * Spectrograms below each other: dark is quiet, light is loud, on one scale for all (viridis, which is as good in grey).
 *
 * @throws UsageError when there is no sound
 *
 * @example
 * const figure = spectrogramFigure([{ name: 'bark', ...spectrogram(sound, 16_000) }])
 */
export function spectrogramFigure(panels: readonly SpectrogramPanel[]): Figure {
  if (panels.length === 0) throw new UsageError('spectrograms need at least one sound: give some')
  const rows = panels.flatMap(cells)
  const highest = rows.reduce((most, { level }) => Math.max(most, level), Number.NEGATIVE_INFINITY)
  const level = {
    field: 'level',
    type: 'quantitative' as const,
    scale: { scheme: 'viridis' as const, domain: [highest - DEPTH, highest], clamp: true },
    legend: { title: 'level (dB)', gradientLength: 110, tickCount: 5 },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Spectrograms',
    data: { values: rows },
    facet: {
      row: {
        field: 'name',
        type: 'nominal',
        sort: panels.map(({ name }) => name),
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
      height: 120,
      // Edges of the same colour, so that no seams show; as a channel they would have a legend of their own.
      mark: { type: 'rect', stroke: { expr: "scale('color', datum.level)" }, strokeWidth: 0.5 },
      encoding: {
        x: { field: 'time', type: 'quantitative', axis: { title: 'time (s)', grid: false }, scale: { nice: false } },
        x2: { field: 'timeEnd' },
        y: {
          field: 'frequency',
          type: 'quantitative',
          axis: { title: 'frequency (Hz)', grid: false, tickCount: 4 },
          scale: { nice: false },
        },
        y2: { field: 'frequencyEnd' },
        color: level,
      },
    },
    config: STYLE,
  }
  const names = panels.map(({ name, levels, timeStep }) => `${name} (${(levels.length * timeStep).toFixed(2)} s)`)
  return plotted({ spec, rows, alt: `Spectrograms of ${names.join(', ')}.` })
}

function cells({ name, frequencyStep, timeStep, levels }: SpectrogramPanel) {
  const frequencies = levels[0]?.length ?? 0
  const [wide, high] = [Math.ceil(levels.length / COLUMNS), Math.ceil(frequencies / ROWS)]
  const found = []
  for (let t = 0; t < levels.length; t += wide)
    for (let f = 0; f < frequencies; f += high) {
      let level = Number.NEGATIVE_INFINITY
      for (const window of levels.slice(t, t + wide))
        for (const one of window.subarray(f, f + high)) level = Math.max(level, one)
      found.push({
        name,
        time: t * timeStep,
        timeEnd: Math.min(levels.length, t + wide) * timeStep,
        frequency: f * frequencyStep,
        frequencyEnd: Math.min(frequencies, f + high) * frequencyStep,
        level: Number(level.toFixed(1)),
      })
    }
  return found
}
