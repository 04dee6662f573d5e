import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, plotted, STYLE, titled } from './figure.ts'
import { seriesEncoding, seriesStyles } from './series.ts'

/** What models say along x, and the truth there. */
export interface FunctionFit {
  /** Of the panel: what was to be fitted. */
  readonly name: string
  /** In any order, [n]. */
  readonly x: Float32Array
  /** [n] */
  readonly truth: Float32Array
  /** What each model says, one line a seed, [n]. */
  readonly models: readonly { readonly label: string; readonly runs: readonly Float32Array[] }[]
}

/**
 * Predictions against x, with the truth as a wide grey line behind: a panel for each function, one line a model, which is the mean over its seeds, and
 * a band from the smallest to the largest.
 *
 * @throws UsageError where there is nothing to draw
 *
 * @example
 * functionFits([{ name: 'sinc(5x)', x, truth, models: [{ label: 'deep', runs: [outputs] }] }])
 */
export function functionFits(fits: readonly FunctionFit[]): Figure {
  if (fits.every(({ models }) => models.length === 0))
    throw new UsageError('there is no model whose predictions could be drawn: give at least one')
  const rows = fits.flatMap(({ name, x, truth, models }) => {
    const order = Array.from(x.keys()).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0))
    return models.flatMap(({ label, runs }) =>
      order.map((i) => {
        const values = runs.map((outputs) => outputs[i] ?? Number.NaN)
        return {
          ...{ function: name, label, x: x[i] ?? 0, truth: truth[i] ?? 0 },
          prediction: values.reduce((sum, value) => sum + value, 0) / values.length,
          low: Math.min(...values),
          high: Math.max(...values),
          seeds: values.length,
        }
      }),
    )
  })
  const labels = [...new Set(rows.map(({ label }) => label))]
  const named = labels.map((name) => ({ name }))
  const [series, styles] = [seriesEncoding(named, labels, 3), seriesStyles(named)]
  const hasBands = rows.some(({ seeds }) => seeds > 1)
  const panel = (name: string) => {
    const own = rows.filter((row) => row.function === name)
    // One wild model must not make lines of all others.
    const truths = own.map(({ truth }) => truth)
    const [low, high] = [Math.min(...truths), Math.max(...truths)]
    const room = 0.35 * (high - low || 1)
    const shown = own.map(({ prediction }) => prediction)
    const domain = [Math.max(low - room, Math.min(low, ...shown)), Math.min(high + room, Math.max(high, ...shown))]
    const x = {
      field: 'x',
      type: 'quantitative' as const,
      scale: { zero: false, nice: false },
      axis: { title: 'x', grid: false, tickCount: 6 },
    }
    const y = {
      type: 'quantitative' as const,
      scale: { domain, zero: false, nice: true },
      axis: { title: 'y', tickCount: 5 },
    }
    const [first] = own
    return {
      title: { text: name, fontSize: 13, anchor: 'start' as const },
      width: 380,
      height: 240,
      layer: [
        {
          data: {
            values: own.filter(({ label }) => label === first?.label).map((row) => ({ x: row.x, truth: row.truth })),
          },
          mark: { type: 'line' as const, color: '#bbb', strokeWidth: 6, clip: true },
          encoding: { x, y: { ...y, field: 'truth' } },
        },
        // A layer each with a colour of its own: bands in the legend would make its lines as pale as they are.
        ...(hasBands ? labels : []).map((label, i) => ({
          data: { values: own.filter((row) => row.label === label) },
          mark: { type: 'area' as const, opacity: 0.15, clip: true, color: styles[i]?.color ?? INK.line },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        })),
        {
          data: { values: own },
          mark: { type: 'line' as const, clip: true },
          encoding: { x, y: { ...y, field: 'prediction' }, ...series },
        },
      ],
    }
  }
  const names = [...new Set(rows.map((row) => row.function))]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Predictions against the truth', [
      `grey: the truth${hasBands ? '; lines: means over the seeds; bands: from the smallest to the largest' : ''}`,
    ]),
    columns: 2,
    concat: names.map(panel),
    config: STYLE,
  }
  const said = names.map((name) => {
    const errors = labels.flatMap((label) => {
      const own = rows.filter((row) => row.function === name && row.label === label)
      const mean = own.reduce((sum, { prediction, truth }) => sum + (prediction - truth) ** 2, 0) / own.length
      return own.length === 0 ? [] : [{ label, mean }]
    })
    const sorted = errors.toSorted((a, b) => a.mean - b.mean)
    const [best, worst] = [sorted[0], sorted.at(-1)]
    return `${name}: ${best?.label} is nearest (mean squared error of its mean ${short(best?.mean)})${sorted.length > 1 ? ` and ${worst?.label} farthest (${short(worst?.mean)})` : ''}`
  })
  return plotted({ spec, rows, alt: `Predictions against x with the truth behind them. ${said.join('; ')}.` })
}

const short = (value = Number.NaN): string => String(Number(value.toPrecision(3)))
