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
  balancedAccuracy,
  f1,
  logLoss,
  type Metric,
  mae,
  precision,
  r2,
  recall,
  rmse,
  topKAccuracy,
} from './metrics/index.ts'
export * from './models/index.ts'
export * from './nn/index.ts'
export * from './optim/index.ts'
export { foldIn, type Key, key, normal, permutation, uniform } from './random/index.ts'
export * from './train/index.ts'
