import { type Metric, regressionMetric } from './metric.ts'
import { costs, explainedVarianceOf, maxErrorOf, r2Of, squared } from './regression.ts'
import { resampledMean } from './resampled.ts'

/**
 * Metric: mean squared error; see `meanSquaredError`.
 *
 * @example
 * metrics: [mse(), r2()]
 */
export const mse = (): Metric =>
  regressionMetric({ kind: 'mse', name: 'mse', goal: 'min' }, ({ targets, outputs, width }) =>
    resampledMean(costs(targets, outputs, squared, width)),
  )

/**
 * Metric: mean absolute error, in the target's unit; see `meanAbsoluteError`.
 *
 * @example
 * metrics: [mae()]
 */
export const mae = (): Metric =>
  regressionMetric({ kind: 'mae', name: 'mae', goal: 'min' }, ({ targets, outputs, width }) =>
    resampledMean(costs(targets, outputs, Math.abs, width)),
  )

/**
 * Metric: root of the mean squared error, in the target's unit; see `rootMeanSquaredError`.
 *
 * @example
 * metrics: [rmse()]
 */
export const rmse = (): Metric =>
  regressionMetric({ kind: 'rmse', name: 'rmse', goal: 'min' }, ({ targets, outputs, width }) => {
    const mean = resampledMean(costs(targets, outputs, squared, width))
    return (counts) => Math.sqrt(mean(counts))
  })

/**
 * Metric: coefficient of determination; see `r2Score`.
 *
 * @example
 * metrics: [mse(), r2()]
 */
export const r2 = (): Metric =>
  regressionMetric({ kind: 'r2', name: 'r2', goal: 'max' }, ({ targets, outputs, width }) =>
    r2Of(targets, outputs, width),
  )

/**
 * Metric: share of the targets' variance that is explained; see `explainedVarianceScore`.
 *
 * @example
 * metrics: [r2(), explainedVariance()]
 */
export const explainedVariance = (): Metric =>
  regressionMetric(
    { kind: 'explainedVariance', name: 'explainedVariance', goal: 'max' },
    ({ targets, outputs, width }) => explainedVarianceOf(targets, outputs, width),
  )

/**
 * Metric: the largest absolute error, in the target's unit; see `maxErrorScore`.
 *
 * @example
 * metrics: [mae(), maxError()]
 */
export const maxError = (): Metric =>
  regressionMetric({ kind: 'maxError', name: 'maxError', goal: 'min' }, ({ targets, outputs, width }) =>
    maxErrorOf(targets, outputs, width),
  )
