/**
 * Data sets in memory: where they come from, whether they are sound, how they are split and fed. Sources that read files
 * are in `assay/data/node`.
 *
 * @module
 */
export {
  type ClassTargets,
  createDataset,
  type DataSource,
  type Dataset,
  type Inputs,
  type RegressionTargets,
  requireSameLayout,
  type Splits,
  type Targets,
} from './dataset.ts'
export { allocateBatch, type Batch, gather } from './gather.ts'
export { type Batches, type BatchesOptions, batches } from './loader.ts'
export { type ArraysOptions, type ArraysSplit, arrays, type LabelTargets } from './sources/arrays.ts'
export { type IdxArray, parseIdx } from './sources/idx.ts'
export { type HoldOut, type HoldOutOptions, holdOut } from './split.ts'
export { standardize } from './transforms/standardize.ts'
export type { FittedTransform, Transform } from './transforms/transform.ts'
export { validateDataset } from './validate.ts'
