export { configHash, describe, type Json } from './describe.ts'
export { DivergedError } from './diverged.ts'
export type { Evaluation } from './evaluate.ts'
export {
  type Experiment,
  type ExperimentOptions,
  experiment,
  isExperiment,
  type Preparation,
  type SplitOptions,
} from './experiment.ts'
export { inferenceOnnx } from './export.ts'
export { type TrainStepOptions, trainStepOnnx } from './exportStep.ts'
export { type EpochReport, type FitHooks, type FitResult, fit, type Position } from './fit.ts'
export { fitPopulation, type Member, type MemberResult, type PopulationHooks } from './population.ts'
export {
  initialVariables,
  type KnownDivision,
  type Network,
  type Prepared,
  type PrepareOptions,
  prepare,
  preparedShape,
} from './prepare.ts'
export type { Scores } from './scores.ts'
export type { State } from './state.ts'
