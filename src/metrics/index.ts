/**
 * Metrics over the predictions of whole splits. Short names (`accuracy()`, `f1()`, `mse()`) make the values that an experiment lists;
 * scikit-learn's names (`accuracyScore`, `f1Score`, `meanSquaredError`) are the functions themselves, targets first. How sure the
 * numbers are, and whether two models differ, is told by `assay/metrics/uncertainty`.
 *
 * @module
 */
export { accuracyScore, balancedAccuracyScore, topKAccuracyScore } from './accuracy.ts'
export { cohenKappaScore, type KappaOptions, matthewsCorrcoef } from './agreement.ts'
export { averagePrecisionScore } from './averagePrecision.ts'
export { type BrierOptions, brierScoreLoss } from './brier.ts'
export {
  type CalibrationOptions,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from './calibration.ts'
export {
  accuracy,
  balancedAccuracy,
  f1,
  kappa,
  mcc,
  precision,
  recall,
  topKAccuracy,
} from './classificationMetrics.ts'
export { type ConfusionMatrix, confusionMatrix, normalizeConfusion } from './confusion.ts'
export {
  type PrecisionRecallCurve,
  type PrecisionRecallPoint,
  precisionRecallCurve,
  type RocCurve,
  type RocPoint,
  rocCurve,
} from './curves.ts'
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
export { averagePrecision, brier, ece, logLoss, rocAuc } from './probabilityMetrics.ts'
export {
  explainedVarianceScore,
  maxErrorScore,
  meanAbsoluteError,
  meanSquaredError,
  r2Score,
  rootMeanSquaredError,
} from './regression.ts'
export { explainedVariance, mae, maxError, mse, r2, rmse } from './regressionMetrics.ts'
export type { Counts, Resampled } from './resampled.ts'
export { type RocAucOptions, rocAucScore } from './rocAuc.ts'
export { argmax, softmax } from './scores.ts'
export { type Interval, wilsonInterval } from './wilson.ts'
