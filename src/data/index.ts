/**
 * Data sets: where they come from, whether they are sound, how they are split and fed. Sources that read files are in
 * `assay/data/node`.
 *
 * @module
 */
export { type AugmentOptions, augment } from './augment/augment.ts'
export type { Augment, Augmentation } from './augment/augmentation.ts'
export {
  type ClassTargets,
  createDataset,
  type DataSource,
  type Dataset,
  type Inputs,
  inMemory,
  isInMemory,
  type LeftOut,
  type LoadHooks,
  type LoadProgress,
  type MemoryDataset,
  type RegressionTargets,
  requireSameLayout,
  type Splits,
  type StorageType,
  type StoredInputs,
  storageTypeOf,
  type Targets,
} from './dataset.ts'
export { feeder } from './feed.ts'
export { allocateBatch, type Batch, gather } from './gather.ts'
export { type Batches, type BatchesOptions, batches } from './loader.ts'
export { type ArraysOptions, type ArraysSplit, arrays, type LabelTargets } from './sources/arrays.ts'
export { type IdxArray, parseIdx } from './sources/idx.ts'
export { type RandomLabelsOptions, randomLabels } from './sources/randomLabels.ts'
export { reconstruct } from './sources/reconstruct.ts'
export {
  type KnownFunction,
  type RegressionFunctionOptions,
  regressionFunction,
} from './sources/regressionFunction.ts'
export { type SubsetOptions, subset } from './sources/subset.ts'
export { type FromTableOptions, fromTable, type TableSourceOptions } from './sources/tableSource.ts'
export * from './splits/index.ts'
export * from './table/index.ts'
export { type ImputeOptions, impute } from './transforms/impute.ts'
export { type MinMaxOptions, minMax } from './transforms/minMax.ts'
export { type NormalizeImageOptions, normalizeImage } from './transforms/normalizeImage.ts'
export { type OneHotOptions, oneHot } from './transforms/oneHot.ts'
export { type PcaOptions, type PcaState, pca, pcaState } from './transforms/pca.ts'
export { restoreTransform } from './transforms/restoreTransform.ts'
export { standardize } from './transforms/standardize.ts'
export { defineTransform, type TrainingSamples } from './transforms/trainingSamples.ts'
export type { FittedTransform, StateValue, Transform, TransformState } from './transforms/transform.ts'
export { validateDataset } from './validate.ts'
