/**
 * What experiments are written with, in Node and in pages alike: `assay` and `assay/web` add a runtime each, and Node's
 * files.
 *
 * @module
 */
export * from './data/index.ts'
export { UsageError } from './errors.ts'
export {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  ece,
  explainedVariance,
  f1,
  kappa,
  logLoss,
  type Metric,
  mae,
  maxError,
  mcc,
  precision,
  r2,
  recall,
  rmse,
  rocAuc,
  topKAccuracy,
} from './metrics/index.ts'
export * from './models/index.ts'
export * from './nn/index.ts'
export * from './optim/index.ts'
export { foldIn, type Key, key, normal, permutation, uniform } from './random/index.ts'
export * from './train/index.ts'
