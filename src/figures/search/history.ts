import type { TopLevelSpec } from 'vega-lite'
import type { Report, Searched } from '../../search/index.ts'
import { better, finalValue } from '../../search/trial.ts'
import { type Figure, INK, PALETTE, plotted, type Row, STYLE } from '../figure.ts'
import { shortNumber } from './parameters.ts'
import { goalText, type ValueOptions, valued, valueScale } from './values.ts'

export interface HistoryOptions extends ValueOptions {
  /** What trials reported on their way: values of epochs, of which a pruned trial's last is drawn (default), or of folds, of which the mean is. */
  readonly reports?: 'epochs' | 'folds'
}

/**
 * The values of a study's trials in their order, and the best so far as a line. Pruned trials stand at what they reported, failed ones at the
 * worse end of the axis; values far worse than most stand there, too.
 *
 * @throws UsageError when no trial is complete
 *
 * @example
 * const { spec } = searchHistory(await readStudy('studies/mlp'), { value: 'validation.accuracy' })
 */
export function searchHistory(
  { trials, direction }: Searched,
  { value: name = 'value', reports: what = 'epochs' }: HistoryOptions = {},
): Figure {
  const complete = valued(trials)
  const prunedAt = (reports: readonly Report[]): number | null => {
    const values = reports.map(({ value }) => value)
    const value = what === 'epochs' ? values.at(-1) : values.reduce((sum, one) => sum + one, 0) / values.length
    return value !== undefined && Number.isFinite(value) ? value : null
  }
  const others = trials.flatMap(({ outcome, reports }) =>
    outcome?.state === 'pruned' ? (prunedAt(reports) ?? []) : [],
  )
  const values = complete.map(({ value }) => value)
  const axis = valueScale(values, direction, others)
  const pruned = what === 'epochs' ? 'pruned (last value)' : 'pruned (mean of its folds)'
  const worst = direction === 'minimize' ? axis.high : axis.low
  const order = better(direction)
  let best: number | null = null
  const rows = trials.flatMap((trial): Row[] => {
    const { number, outcome, reports } = trial
    if (outcome === undefined) return []
    const value = finalValue(trial)
    if (value !== undefined && (best === null || order(value, best) < 0)) best = value
    const seen = value ?? (outcome.state === 'pruned' ? prunedAt(reports) : null)
    const state = outcome.state === 'pruned' ? pruned : outcome.state
    return [{ trial: number, state, value: seen, shown: seen === null ? worst : axis.clamp(seen), best }]
  })
  const states = ['complete', pruned, 'failed'].filter((state) => rows.some((row) => row.state === state))
  const x = {
    field: 'trial',
    type: 'quantitative' as const,
    axis: { title: 'trial', grid: false, tickMinStep: 1, format: 'd' },
    scale: { nice: false, padding: 6 },
  }
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    axis: { title: `${name} (${goalText(direction)})`, ...axis.ticks },
    scale: axis.scale,
  })
  const color = new Map([
    ['complete', PALETTE.blue],
    [pruned, PALETTE.orange],
  ])
  const shape = new Map([
    ['complete', 'circle'],
    [pruned, 'triangle-down'],
  ])
  const legend = { title: null, orient: 'top' as const, symbolSize: 70, symbolOpacity: 1, labelLimit: 0 }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: `${name} by trial`,
      ...(axis.beyond > 0 && {
        subtitle: `${axis.beyond} of ${complete.length + others.length} values lie beyond the axis, drawn at its end`,
      }),
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
    data: { values: rows.map((row) => ({ ...row })) },
    width: 560,
    height: 260,
    layer: [
      {
        mark: { type: 'point', filled: true, size: 30, opacity: 0.65 },
        encoding: {
          x,
          y: y('shown'),
          color: {
            field: 'state',
            type: 'nominal',
            scale: { domain: [...states], range: states.map((state) => color.get(state) ?? INK.line) },
            legend,
          },
          shape: {
            field: 'state',
            type: 'nominal',
            scale: { domain: [...states], range: states.map((state) => shape.get(state) ?? 'cross') },
            legend,
          },
        },
      },
      {
        transform: [{ filter: 'isValid(datum.best)' }],
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, clip: true, color: PALETTE.vermillion },
        encoding: { x, y: y('best') },
      },
    ],
    config: STYLE,
  }
  const record = rows.findIndex((row) => row.best === best)
  const count = (state: string): number => rows.filter((row) => row.state === state).length
  const alt = `${name} of ${rows.length} trials in their order, ${goalText(direction)}: ${complete.length} complete, ${count(pruned)} pruned, ${count('failed')} failed. The best so far, a line, goes from ${shortNumber(complete[0].value)} to ${shortNumber(best ?? Number.NaN)}, reached at trial ${rows[record]?.trial ?? 0}.`
  return plotted({ spec, rows: rows.map(({ shown: _, ...row }) => row), alt })
}
