/**
 * Metrics over the predictions of whole splits. Short names (`accuracy()`, `f1()`, `mse()`) make the values that an experiment lists;
 * scikit-learn's names (`accuracyScore`, `f1Score`, `meanSquaredError`) are the functions themselves, targets first.
 *
 * @module
 */
export { accuracyScore, balancedAccuracyScore, topKAccuracyScore } from './accuracy.ts'
export {
  accuracy,
  balancedAccuracy,
  f1,
  logLoss,
  precision,
  recall,
  topKAccuracy,
} from './classificationMetrics.ts'
export { type ConfusionMatrix, confusionMatrix } from './confusion.ts'
export { crossEntropyScore, logLossScore } from './logLoss.ts'
export type { Metric, MetricKind } from './metric.ts'
export { normalQuantile } from './normalQuantile.ts'
export {
  type Average,
  type AverageOptions,
  f1Score,
  type PrecisionRecallF1,
  type PrecisionRecallF1PerClass,
  precisionRecallF1,
  precisionScore,
  recallScore,
} from './precisionRecallF1.ts'
export type { ClassificationPredictions, RegressionPredictions, SplitPredictions } from './predictions.ts'
export { meanAbsoluteError, meanSquaredError, r2Score, rootMeanSquaredError } from './regression.ts'
export { mae, mse, r2, rmse } from './regressionMetrics.ts'
export { argmax, softmax } from './scores.ts'
export { type Interval, wilsonInterval } from './wilson.ts'
