import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'
import type { HistogramPanel } from './histograms.ts'

/** Colours that stand for the channels and can be told apart by everyone; the dashes tell them apart without colour. */
const LOOKS: Readonly<Record<string, { readonly color: string; readonly dash: readonly number[] }>> = {
  red: { color: PALETTE.vermillion, dash: [1, 0] },
  green: { color: PALETTE.green, dash: [6, 3] },
  blue: { color: PALETTE.blue, dash: [2, 2] },
  grey: { color: PALETTE.black, dash: [1, 0] },
}

/**
 * How often each intensity comes, a line for each channel, on a square-root scale: backgrounds of one colour would flatten all else.
 *
 * @param channels - histograms over the same intervals, named `red`, `green`, `blue` or `grey`
 * @throws UsageError when there is no channel, or one of another name
 *
 * @example
 * const figure = colorHistogramFigure([{ name: 'grey', low: -0.5, high: 255.5, counts }])
 */
export function colorHistogramFigure(channels: readonly HistogramPanel[]): Figure {
  const odd = channels.find(({ name }) => LOOKS[name] === undefined)
  if (channels.length === 0 || odd !== undefined)
    throw new UsageError(
      `a colour histogram has the channels ${Object.keys(LOOKS).join(', ')}: ${odd ? `"${odd.name}" is none of them` : 'give at least one'}`,
    )
  const rows = channels.flatMap(({ name, low, high, counts }) => {
    const all = counts.reduce((a, b) => a + b, 0)
    const width = (high - low) / counts.length
    return counts.map((count, i) => ({ channel: name, intensity: low + (i + 0.5) * width, share: count / all, count }))
  })
  const domain = channels.map(({ name }) => name)
  const looks = domain.map((name) => LOOKS[name] ?? { color: PALETTE.black, dash: [1, 0] })
  const legend =
    channels.length > 1 ? ({ title: null, orient: 'top', symbolType: 'stroke', symbolSize: 500 } as const) : null
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Intensities of all pixels',
    data: { values: rows },
    width: 460,
    height: 190,
    mark: { type: 'line', interpolate: 'step', strokeWidth: 1.5, strokeJoin: 'round' },
    encoding: {
      x: {
        field: 'intensity',
        type: 'quantitative',
        axis: { title: 'intensity of a pixel', grid: false },
        scale: { nice: false },
      },
      y: {
        field: 'share',
        type: 'quantitative',
        axis: { title: 'share of pixels', format: '~%', tickCount: 5 },
        scale: { type: 'sqrt' },
      },
      color: { field: 'channel', type: 'nominal', scale: { domain, range: looks.map(({ color }) => color) }, legend },
      strokeDash: {
        field: 'channel',
        type: 'nominal',
        scale: { domain, range: looks.map(({ dash }) => [...dash]) },
        legend,
      },
    },
    config: STYLE,
  }
  const said = channels.map(({ name, counts, low, high }) => {
    const most = Math.max(...counts)
    const at = low + ((counts.indexOf(most) + 0.5) * (high - low)) / counts.length
    return `${name} most often ${Number(at.toPrecision(3))} (${((most / counts.reduce((a, b) => a + b, 0)) * 100).toFixed(1)} % of pixels)`
  })
  return plotted({ spec, rows, alt: `Colour histogram: ${said.join('; ')}.` })
}
