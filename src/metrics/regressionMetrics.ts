import { type Metric, regressionMetric } from './metric.ts'
import { meanAbsoluteError, meanSquaredError, r2Score, rootMeanSquaredError } from './regression.ts'

/**
 * Metric: mean squared error; see `meanSquaredError`.
 *
 * @example
 * metrics: [mse(), r2()]
 */
export const mse = (): Metric =>
  regressionMetric({ kind: 'mse', name: 'mse', goal: 'min' }, ({ targets, outputs }) =>
    meanSquaredError(targets, outputs),
  )

/**
 * Metric: mean absolute error, in the target's unit; see `meanAbsoluteError`.
 *
 * @example
 * metrics: [mae()]
 */
export const mae = (): Metric =>
  regressionMetric({ kind: 'mae', name: 'mae', goal: 'min' }, ({ targets, outputs }) =>
    meanAbsoluteError(targets, outputs),
  )

/**
 * Metric: root of the mean squared error, in the target's unit; see `rootMeanSquaredError`.
 *
 * @example
 * metrics: [rmse()]
 */
export const rmse = (): Metric =>
  regressionMetric({ kind: 'rmse', name: 'rmse', goal: 'min' }, ({ targets, outputs }) =>
    rootMeanSquaredError(targets, outputs),
  )

/**
 * Metric: coefficient of determination; see `r2Score`.
 *
 * @example
 * metrics: [mse(), r2()]
 */
export const r2 = (): Metric =>
  regressionMetric({ kind: 'r2', name: 'r2', goal: 'max' }, ({ targets, outputs }) => r2Score(targets, outputs))
