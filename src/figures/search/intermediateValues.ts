import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import type { Searched } from '../../search/index.ts'
import { ranked } from '../../search/trial.ts'
import { type Figure, PALETTE, plotted, type Row, STYLE } from '../figure.ts'
import { thinned } from '../thin.ts'
import { shortNumber } from './parameters.ts'
import { goalText, type ValueOptions, valueScale } from './values.ts'

export interface IntermediateOptions extends ValueOptions {
  /** What trials report at, as in `epoch` or `fold`; default `step`. */
  readonly step?: string
}

/** More lines are a carpet: of each state so many are drawn, evenly from the best to the worst. */
const MOST_LINES = 100
/** From the bottom to the top. */
const LAYERS = ['complete', 'pruned', 'best']

/**
 * The values that trials reported on their way, a line each: the best thick, pruned ones dashed up to the cross where they were stopped.
 *
 * @throws UsageError when no trial has reported a value
 *
 * @example
 * intermediateValues(await readStudy('studies/mlp'), { value: 'validation.accuracy', step: 'epoch' })
 */
export function intermediateValues(
  { trials, direction }: Searched,
  { value: name = 'value', step = 'step' }: IntermediateOptions = {},
): Figure {
  const order = ranked(
    trials.filter(({ reports }) => reports.length > 0),
    direction,
  )
  const of = (state: string) => order.filter(({ outcome }) => outcome?.state === state)
  const [complete, pruned] = [of('complete'), of('pruned')]
  const drawn = [...evenly(complete), ...evenly(pruned)]
  const all = drawn.flatMap(({ reports }) => reports.map(({ value }) => value)).filter(Number.isFinite)
  if (all.length === 0) throw new UsageError('no trial has reported a value on its way: there is nothing to draw')
  const axis = valueScale(all, direction)
  const steps = drawn.flatMap(({ reports }) => reports.map((report) => report.step))
  const reach = Math.max(...steps) - Math.min(...steps) || 1
  const [best] = complete
  const rows = drawn.toReversed().flatMap(({ number, reports, outcome }) => {
    const state = number === best?.number ? 'best' : (outcome?.state ?? 'running')
    const kept = thinned(
      reports.filter(({ value }) => Number.isFinite(value)),
      (report) => [report.step / reach, report.value / (axis.high - axis.low || 1)],
    )
    return kept.map(
      (report): Row => ({
        trial: number,
        state,
        step: report.step,
        value: report.value,
        isEnd: report === kept.at(-1),
      }),
    )
  })
  const states = ['best', 'complete', 'pruned'].filter((state) => rows.some((row) => row.state === state))
  const style = {
    best: { color: PALETTE.vermillion, dash: [1, 0], width: 3, opacity: 1 },
    complete: { color: PALETTE.blue, dash: [1, 0], width: 1, opacity: 0.5 },
    pruned: { color: PALETTE.orange, dash: [4, 3], width: 1, opacity: 0.8 },
  }
  const known = states.flatMap((state) =>
    state === 'best' || state === 'complete' || state === 'pruned' ? [{ state, ...style[state] }] : [],
  )
  const domain = known.map(({ state }) => state)
  const x = {
    field: 'step',
    type: 'quantitative' as const,
    axis: { title: step, grid: false, tickMinStep: 1, format: 'd' },
    scale: { nice: false, zero: false, padding: 6 },
  }
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    axis: { title: `${name} (${goalText(direction)})`, ...axis.ticks },
    scale: axis.scale,
  }
  const legend = {
    ...{ title: null, orient: 'top' as const, symbolType: 'stroke' as const },
    ...{ symbolSize: 500, symbolStrokeWidth: 2, symbolOpacity: 1 },
  }
  const channel = { field: 'state', type: 'nominal' as const }
  const color = { ...channel, scale: { domain, range: known.map((one) => one.color) }, legend }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `${name} on the way`,
    data: { values: rows.map((row) => ({ ...row })) },
    width: 520,
    height: 260,
    layer: [
      ...known
        .toSorted((a, b) => LAYERS.indexOf(a.state) - LAYERS.indexOf(b.state))
        .map(({ state, width, opacity }) => ({
          transform: [{ filter: { field: 'state', equal: state } }],
          mark: { type: 'line' as const, clip: true, strokeWidth: width, opacity },
          encoding: {
            ...{ x, y, color, detail: { field: 'trial', type: 'nominal' as const } },
            strokeDash: { ...channel, scale: { domain, range: known.map(({ dash }) => dash) }, legend },
          },
        })),
      {
        transform: [{ filter: "datum.state === 'pruned' && datum.isEnd" }],
        mark: {
          type: 'point',
          clip: true,
          shape: 'cross',
          size: 35,
          strokeWidth: 0.8,
          stroke: PALETTE.vermillion,
          fill: PALETTE.orange,
          angle: 45,
        },
        encoding: { x, y },
      },
    ],
    config: STYLE,
  }
  const left = complete.length + pruned.length - drawn.length
  const alt = `${name} of ${drawn.length} trials over the ${step}s${left > 0 ? ` (${left} others are not drawn)` : ''}: ${evenly(complete).length} complete and ${evenly(pruned).length} pruned ones${best === undefined ? '' : `; the best, trial ${best.number}, ends at ${shortNumber(best.reports.at(-1)?.value ?? Number.NaN)}`}.`
  return plotted({ spec, rows: rows.map(({ isEnd: _, ...row }) => row), alt })
}

function evenly<T>(ordered: readonly T[]): readonly T[] {
  const stride = Math.max(1, ordered.length / MOST_LINES)
  return ordered.filter((_, i) => Math.floor(i / stride) !== Math.floor((i - 1) / stride))
}
