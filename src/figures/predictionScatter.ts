import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from './figure.ts'

export interface ScatterOptions {
  /** `truth` (default) draws predictions against the true values; `residual` draws what is left, truth − prediction, against predictions. */
  readonly against?: 'truth' | 'residual'
  readonly title?: string
}

/** Points in one picture: more hide each other. */
const MAX_POINTS = 2000

/**
 * Predictions of a regression as points: against the truth, where the diagonal is perfect, or as residuals against the prediction, where the line at
 * zero is. Of more than 2,000 points every k-th is drawn, and the largest errors always; the rows have all.
 *
 * @param targets - true values, [n]
 * @param outputs - predicted values, [n]
 * @throws UsageError when there is no point, or the lengths differ
 *
 * @example
 * const figure = predictionScatter(targets, outputs, { against: 'residual' })
 */
export function predictionScatter(
  targets: Float32Array,
  outputs: Float32Array,
  { against = 'truth', title }: ScatterOptions = {},
): Figure {
  const n = targets.length
  if (n === 0 || outputs.length !== n)
    throw new UsageError(`there are ${outputs.length} predictions and ${n} true values: give as many, at least one`)
  const rows = Array.from(targets, (truth, index) => {
    const prediction = outputs[index] ?? Number.NaN
    return { index, truth, prediction, residual: truth - prediction }
  })
  const drawn = chosen(rows, n)
  const isTruth = against === 'truth'
  const values = drawn.flatMap(({ truth, prediction }) => (isTruth ? [truth, prediction] : [prediction]))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const margin = 0.03 * (high - low || 1)
  const domain: [number, number] = [low - margin, high + margin]
  const axis = (field: string, text: string, scale: object) => ({
    field,
    type: 'quantitative' as const,
    scale: { zero: false, nice: false, ...scale },
    axis: { title: text, tickCount: 6 },
  })
  const [x, y] = isTruth
    ? [axis('truth', 'true value', { domain }), axis('prediction', 'prediction', { domain })]
    : [axis('prediction', 'prediction', { domain }), axis('residual', 'residual (truth − prediction)', {})]
  const line = isTruth
    ? { x: domain[0], y: domain[0], x2: domain[1], y2: domain[1] }
    : { x: domain[0], y: 0, x2: domain[1], y2: 0 }
  const datum = (value: number) => ({ datum: value, type: 'quantitative' as const })
  const said = drawn.length < n ? ` (${drawn.length} of ${n} points)` : ''
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `${title ?? (isTruth ? 'Prediction against truth' : 'Residuals against prediction')}${said}`,
    data: { values: drawn },
    width: isTruth ? 320 : 420,
    height: isTruth ? 320 : 220,
    layer: [
      {
        mark: {
          type: 'point',
          filled: true,
          color: PALETTE.blue,
          size: drawn.length > 500 ? 9 : 22,
          opacity: drawn.length > 500 ? 0.45 : 0.7,
        },
        encoding: { x, y },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', stroke: INK.line, strokeDash: [4, 3], strokeWidth: 1.5 },
        encoding: { x: datum(line.x), y: datum(line.y), x2: { datum: line.x2 }, y2: { datum: line.y2 } },
      },
    ],
    config: STYLE,
  }
  const mean = rows.reduce((sum, { residual }) => sum + residual, 0) / n
  const worst = rows.reduce((a, b) => (Math.abs(b.residual) > Math.abs(a.residual) ? b : a))
  const three = (value: number): string => String(Number(value.toPrecision(3)))
  const alt = `${isTruth ? 'Predictions against true values' : 'Residuals against predictions'} of ${n} examples: mean residual ${three(mean)}, largest ${three(worst.residual)} (example ${worst.index}, true value ${three(worst.truth)}).`
  return plotted({ spec, rows, alt })
}

/** Every k-th, and the largest errors. */
function chosen<Point extends { readonly index: number; readonly residual: number }>(
  rows: readonly Point[],
  n: number,
): Point[] {
  if (n <= MAX_POINTS) return [...rows]
  const extremes = new Set(
    rows
      .toSorted((a, b) => Math.abs(b.residual) - Math.abs(a.residual))
      .slice(0, 50)
      .map(({ index }) => index),
  )
  const step = Math.ceil(n / (MAX_POINTS - extremes.size))
  return rows.filter(({ index }) => index % step === 0 || extremes.has(index))
}
