export { configHash, describe, type Json } from './describe.ts'
export type { Evaluation } from './evaluate.ts'
export { type Experiment, type ExperimentOptions, experiment, isExperiment, type SplitOptions } from './experiment.ts'
export { inferenceOnnx } from './export.ts'
export { type TrainStepOptions, trainStepOnnx } from './exportStep.ts'
export {
  DivergedError,
  type EpochReport,
  type FitHooks,
  type FitResult,
  fit,
  type Position,
  type Scores,
} from './fit.ts'
export { initialVariables, type Network, type Prepared, prepare, preparedShape } from './prepare.ts'
export type { State } from './programs.ts'
