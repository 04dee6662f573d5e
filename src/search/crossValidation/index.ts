/**
 * Cross-validation: folds that are made once and shared, scores on what no training has seen or watched, and the model that comes of it.
 *
 * @module
 */
export {
  type CrossValidation,
  type CrossValidationHooks,
  type CrossValidationOptions,
  crossValidate,
  summarizeFolds,
} from './crossValidate.ts'
export { type Asked, type CrossValidationFolder, openFolder, type RefitRecord } from './folder.ts'
export { type FoldFit, type FoldPlace, type FoldResult, type FoldScore, foldFits, scoreFold } from './foldScore.ts'
export { type Fold, type FoldOptions, type Folds, type MaterializedFolds, materializeFolds } from './folds.ts'
export {
  type NestedCrossValidation,
  type NestedOptions,
  nestedCrossValidation,
} from './nestedCrossValidation.ts'
export type { OutOfFold } from './outOfFold.ts'
export { type Refit, refit, refitOf } from './refit.ts'
