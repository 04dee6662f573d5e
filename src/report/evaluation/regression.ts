import { histogramsFigure } from '../../figures/histograms.ts'
import { predictionScatter } from '../../figures/predictionScatter.ts'
import type { RegressionPredictions } from '../../metrics/index.ts'
import type { Chart } from '../content.ts'
import { MOST_OUTPUTS } from './scores.ts'

const BINS = 30

/** Prediction against truth, residuals against prediction, and how residuals are spread, for each of few outputs. */
export function regressionCharts(
  { targets, outputs, width = 1 }: RegressionPredictions,
  names: readonly string[] = [],
): Chart[] {
  if (width > MOST_OUTPUTS) return []
  const residuals = targets.map((target, i) => target - (outputs[i] ?? Number.NaN))
  const of = width === 1 ? '' : ` over all ${width} outputs`
  const spread: Chart = {
    name: 'residual-histogram',
    section: 'errors',
    figure: histogramsFigure([binned(residuals)], { title: 'Residuals', axis: 'truth − prediction', unit: 'values' }),
    caption: `How the residuals (truth − prediction) of the test split are spread${of}. A centre that is not zero is a bias.`,
  }
  const charts = Array.from({ length: width }, (_, k): Chart[] => {
    const [truth, predicted] = [targets, outputs].map((values) => values.filter((_value, i) => i % width === k))
    if (truth === undefined || predicted === undefined) return []
    const suffix = width === 1 ? '' : `-${k + 1}`
    const title = width === 1 ? {} : { title: names[k] ?? `output ${k + 1}` }
    return [
      {
        name: `prediction-truth${suffix}`,
        section: 'errors',
        figure: predictionScatter(truth, predicted, title),
        caption: 'Each test example’s prediction against its true value; on the dashed diagonal they are the same.',
      },
      {
        name: `residuals${suffix}`,
        section: 'errors',
        figure: predictionScatter(truth, predicted, { against: 'residual', ...title }),
        caption:
          'What is left, truth − prediction, against the prediction. A bend says that the model misses a shape; a funnel, that its error grows with the value.',
      },
    ]
  })
  return [...charts.flat(), spread]
}

function binned(values: Float32Array) {
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Infinity,
    -Infinity,
  ] as [number, number])
  if (!(high > low)) return { name: 'residual', low: low - 0.5, high: low + 0.5, counts: [values.length] }
  const counts = new Array<number>(BINS).fill(0)
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((BINS * (value - low)) / (high - low)))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { name: 'residual', low, high, counts }
}
