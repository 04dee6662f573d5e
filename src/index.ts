/**
 * Assay: describe an experiment in one file, train it, look inside it. What an experiment file needs is exported here;
 * ops on tensors are in `assay/tensor`, gradients in `assay/autodiff`, programs in `assay/runtime`.
 *
 * @module
 */
import './runtime/ort/node.ts'

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
export * from './nn/index.ts'
export * from './optim/index.ts'
export { foldIn, type Key, key, normal, permutation, uniform } from './random/index.ts'
export * from './train/index.ts'
