/**
 * Search: spaces of configurations, samplers that choose among them, pruners that stop what shows no promise, and studies that any number of processes
 * work on by asking and telling.
 *
 * @module
 */
export {
  type CrossValidation,
  type CrossValidationHooks,
  type CrossValidationOptions,
  crossValidate,
  type Fold,
  type FoldFit,
  type FoldOptions,
  type FoldPlace,
  type FoldResult,
  type FoldScore,
  type Folds,
  foldFits,
  type MaterializedFolds,
  materializeFolds,
  type NestedCrossValidation,
  type NestedOptions,
  nestedCrossValidation,
  type OutOfFold,
  type Refit,
  refit,
  refitOf,
  scoreFold,
  summarizeFolds,
} from './crossValidation/index.ts'
export { type Fit, type FitHooks, type FitOutcome, type FitPlan, fitAll, type Pack, planFits } from './fits/index.ts'
export {
  type Forest,
  type Importance,
  importance,
  type PairImportance,
  type ParameterImportance,
  type Searched,
  type Share,
  surface,
} from './importance/index.ts'
export {
  type Luck,
  type LuckOptions,
  luck,
  luckText,
  type Noise,
  normalMaximum,
  type Parts,
} from './luck/index.ts'
export {
  type MedianPrunerOptions,
  medianPruner,
  neverPrune,
  type Pruner,
  type SuccessiveHalvingOptions,
  successiveHalving,
  type WilcoxonPrunerOptions,
  wilcoxonPruner,
} from './pruners/index.ts'
export {
  type CmaEsOptions,
  cmaEs,
  type GridOptions,
  grid,
  type Problem,
  random,
  type Sampler,
  type SobolOptions,
  type Suggester,
  sobol,
  type TpeOptions,
  tpe,
} from './samplers/index.ts'
export { isSearch, type Search, type SearchOptions, search } from './searching/search.ts'
export {
  type Axis,
  type Branch,
  type Branches,
  bool,
  branch,
  type Choice,
  type Configuration,
  type Constraint,
  choice,
  type Definition,
  describeSpace,
  type Float,
  float,
  type Int,
  type IntOptions,
  int,
  type Leaf,
  logFloat,
  type Parameter,
  type Point,
  readSpace,
  type Space,
  type SpaceDescription,
  space,
  spaceHash,
  type Value,
  type ValueOf,
} from './space/index.ts'
export {
  createStudy,
  type Result,
  readStudy,
  type StoredStudy,
  type Study,
  type StudyOptions,
  type StudyTrial,
  type Trial,
} from './study/index.ts'
export type { Direction, Outcome, Report, TrialRecord } from './trial.ts'
