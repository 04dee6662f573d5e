import type { TopLevelSpec } from 'vega-lite'
import type { RecordedSteps } from '../../../runs/index.ts'
import { type Figure, INK, plotted, STYLE, titled } from '../../figure.ts'
import { seriesEncoding } from '../../series.ts'
import { extremes } from '../../thin.ts'

/** What a run has measured of its steps. */
export interface MeasuredSteps {
  /** All different. */
  readonly label: string
  readonly steps: RecordedSteps
}

/** Stretches of a curve of which the extremes are drawn. */
const BINS = 300
/** Steps, as a share of all, over which a line is the mean. */
const SMOOTH = 0.02

interface Point {
  readonly label: string
  readonly step: number
  readonly value: number
  readonly mean: number
}

/** A measure along the steps: as it is, thinned, and its running mean, geometric where the axis is logarithmic. */
function curve(label: string, { step }: RecordedSteps, values: ArrayLike<number>, isLog: boolean): Point[] {
  const means = runningMean(
    Array.from(values, (value) => (isLog ? Math.log(value) : value)),
    Math.max(1, Math.round(SMOOTH * values.length)),
  )
  const points = Array.from(values, (value, i) => {
    const mean = means[i] ?? Number.NaN
    return { label, step: step[i] ?? i + 1, value, mean: isLog ? Math.exp(mean) : mean }
  })
  return extremes(points, ({ value }) => (isLog && value <= 0 ? Number.NaN : value), BINS)
}

/** Over as many values on both sides; what is no finite number is left out. */
function runningMean(values: readonly number[], width: number): number[] {
  const sums = [0]
  const counts = [0]
  for (const value of values) {
    const isThere = Number.isFinite(value)
    sums.push((sums.at(-1) ?? 0) + (isThere ? value : 0))
    counts.push((counts.at(-1) ?? 0) + (isThere ? 1 : 0))
  }
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - width), Math.min(values.length, i + width + 1)]
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((counts[to] ?? 0) - (counts[from] ?? 0))
  })
}

const stepAxis = {
  field: 'step',
  type: 'quantitative' as const,
  scale: { nice: false, zero: false },
  axis: { title: 'iteration', tickCount: 6, grid: false, format: '~s' },
}

/** A panel with the curves of all runs: as they are, faint, and their running means. */
function panel(
  points: readonly Point[],
  labels: readonly string[],
  title: string,
  isLog: boolean,
  extra: { readonly domain?: [number, number] } = {},
) {
  const y = (field: 'value' | 'mean') => ({
    field,
    type: 'quantitative' as const,
    scale: { ...(isLog ? { type: 'log' as const } : { zero: false }), nice: false, ...extra },
    axis: { title, tickCount: 5, ...(isLog && { format: '~g' }) },
  })
  const series = seriesEncoding(
    labels.map((name) => ({ name })),
    labels,
    4,
  )
  return {
    width: 520,
    height: 190,
    data: { values: points.map((point) => ({ ...point })) },
    layer: [
      {
        mark: { type: 'line' as const, opacity: labels.length > 3 ? 0.12 : 0.25, strokeWidth: 0.75 },
        encoding: { x: stepAxis, y: y('value'), color: series.color },
      },
      { mark: { type: 'line' as const }, encoding: { x: stepAxis, y: y('mean'), ...series } },
    ],
  }
}

const subtitle = (runs: number) => ({
  subtitle: [`faint: every step${runs > 1 ? ' of each run' : ''}; line: running mean over 4 % of the steps`],
  subtitleColor: INK.text,
  subtitleFontSize: 11,
})

/**
 * Gradient norm and loss against the iteration, on logarithmic scales. Long curves are thinned so that no peak is lost.
 *
 * @example
 * gradientNormFigure([{ label: 'seed 0', steps: recordedSteps(run) }])
 */
export function gradientNormFigure(runs: readonly MeasuredSteps[]): Figure {
  const labels = runs.map(({ label }) => label)
  const norms = runs.flatMap(({ label, steps }) => curve(label, steps, steps.gradientNorm, true))
  const losses = runs.flatMap(({ label, steps }) => curve(label, steps, steps.loss, true))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: 'Gradient norm and loss against the iteration', ...subtitle(runs.length) },
    vconcat: [panel(norms, labels, 'gradient norm', true), panel(losses, labels, 'loss of the batch', true)],
    // A legend would have the faint lines' opacity.
    config: { ...STYLE, legend: { ...STYLE.legend, symbolOpacity: 1 } },
  }
  const rows = runs.flatMap(({ label, steps }) =>
    Array.from(steps.step, (step, i) => ({
      ...{ label, step, epoch: steps.epoch[i] ?? null },
      ...{
        loss: steps.loss[i] ?? null,
        gradientNorm: steps.gradientNorm[i] ?? null,
        gradientCosine: finite(steps.gradientCosine[i]),
      },
    })),
  )
  const said = runs.map(({ label, steps: { step, gradientNorm, loss } }) => {
    const [largest, at] = gradientNorm.reduce(
      ([most, place], norm, i) => (norm > most ? [norm, i] : [most, place]),
      [0, 0],
    )
    return `${label}: gradient norm from ${three(gradientNorm[0])} to ${three(gradientNorm.at(-1))}, largest ${three(largest)} at iteration ${step[at]}; loss from ${three(loss[0])} to ${three(loss.at(-1))}`
  })
  return plotted({
    spec,
    rows,
    alt: `Gradient norm and loss of ${runs[0]?.steps.step.length ?? 0} measured iterations, each of its own batch. ${said.join('. ')}.`,
  })
}

/** The cosine between each gradient and the one before against the iteration: near 1 steps go on, near −1 they go back and forth. */
export function gradientCosineFigure(runs: readonly MeasuredSteps[]): Figure {
  const labels = runs.map(({ label }) => label)
  const points = runs.flatMap(({ label, steps }) => curve(label, steps, steps.gradientCosine, false))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: 'Cosine between successive gradients', ...subtitle(runs.length) },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: INK.line },
        encoding: { y: { field: 'zero', type: 'quantitative' } },
      },
      panel(points, labels, 'cosine', false, { domain: [-1, 1] }),
    ],
    // A legend would have the faint lines' opacity.
    config: { ...STYLE, legend: { ...STYLE.legend, symbolOpacity: 1 } },
  }
  const rows = runs.flatMap(({ label, steps }) =>
    Array.from(steps.step, (step, i) => ({ label, step, cosine: finite(steps.gradientCosine[i]) })),
  )
  const half = (values: Float64Array, from: number, to: number): number => {
    const own = [...values.slice(Math.floor(from * values.length), Math.ceil(to * values.length))].filter(
      Number.isFinite,
    )
    return own.reduce((sum, value) => sum + value, 0) / own.length
  }
  const said = runs.map(
    ({ label, steps: { gradientCosine } }) =>
      `${label} ${three(half(gradientCosine, 0, 0.1))} over the first tenth and ${three(half(gradientCosine, 0.9, 1))} over the last`,
  )
  return plotted({ spec, rows, alt: `Mean cosine between successive gradients: ${said.join('; ')}.` })
}

/** Below this ratio learning is slow, above it restless: a rule of thumb (Karpathy, cs231n, 2015). */
const RULE = 1e-3

/**
 * Length of each step in parts of the weights it changes, by layer, dark to light from the first layer to the last: the geometric mean over the runs.
 *
 * @param runs of networks with the same weights
 */
export function updateRatioFigure(runs: readonly MeasuredSteps[]): Figure {
  const [first] = runs
  const all = [...(first?.steps.updateRatios.keys() ?? [])]
  const weights = all.filter((name) => name.split('.').at(-1) === 'weight')
  const names = weights.length > 0 ? weights : all
  const length = Math.min(...runs.map(({ steps }) => steps.step.length))
  const means = names.map((name) => {
    const values = Float64Array.from({ length }, (_, i) => {
      const logs = runs
        .map(({ steps }) => Math.log(steps.updateRatios.get(name)?.[i] ?? Number.NaN))
        .filter(Number.isFinite)
      return Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length)
    })
    return { name, values }
  })
  const points = first === undefined ? [] : means.flatMap(({ name, values }) => curve(name, first.steps, values, true))
  const y = {
    field: 'mean',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: false },
    axis: { title: '‖change‖ ÷ ‖weights‖', tickCount: 6, format: '~g' },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Update-to-weight ratio by layer', [
      `running mean over 4 % of the steps${runs.length > 1 ? `, of ${runs.length} runs` : ''}; dashed: 0.001, a rule of thumb`,
    ]),
    width: 520,
    height: 240,
    layer: [
      {
        data: { values: [{ rule: RULE }] },
        mark: { type: 'rule', color: INK.line, strokeDash: [4, 4] },
        encoding: { y: { ...y, field: 'rule' } },
      },
      {
        data: { values: points.map(({ label, step, mean }) => ({ label, step, mean })) },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x: stepAxis,
          y,
          color: {
            field: 'label',
            type: 'ordinal',
            sort: names,
            scale: { scheme: 'viridis', domain: names },
            legend: { title: null, orient: 'bottom', columns: 5, symbolType: 'stroke', symbolStrokeWidth: 3 },
          },
        },
      },
    ],
    config: STYLE,
  }
  const rows = runs.flatMap(({ label, steps }) =>
    Array.from(steps.step, (step, i) => ({
      ...{ label, step },
      ...Object.fromEntries([...steps.updateRatios].map(([name, ratios]) => [name, finite(ratios[i])])),
    })),
  )
  const typical = means
    .map(({ name, values }) => ({ name, ratio: median([...values].filter(Number.isFinite)) }))
    .sort((a, b) => b.ratio - a.ratio)
  const [most, least] = [typical[0], typical.at(-1)]
  const alt = `Steps change the weights by ${three(least?.ratio)} (${least?.name}) to ${three(most?.ratio)} (${most?.name}) of their length, the median over the iterations.`
  return plotted({ spec, rows, alt })
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
const three = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? 'no number' : String(Number(value.toPrecision(3)))
