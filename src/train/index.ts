export { type Assertion, type Asserts, type Bound, checkAsserts } from './asserts.ts'
export { configHash, type Difference, describe, differences, type Json } from './describe.ts'
export { DivergedError } from './diverged.ts'
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from './earlyStopping.ts'
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
export { type Callback, type FitOptions, type FitResult, fit } from './fit.ts'
export { type Axis, cellsOf, type Grid, type GridCell, grid, isGrid } from './grid.ts'
export { findLearningRate, type LrFinding, type LrFindOptions, type LrPoint } from './lrFind.ts'
export { type Mixup, mixup } from './mixup.ts'
export type { Phase, PhaseTimes } from './phases.ts'
export { fitPopulation, type Member, type MemberResult, type PopulationHooks } from './population.ts'
export type { EpochReport, EvaluationReport, Position, Report } from './position.ts'
export { isEpochReport } from './position.ts'
export {
  initialVariables,
  type Network,
  type Prepared,
  prepare,
  preparedShape,
  prepareNetwork,
} from './prepare.ts'
export {
  dataKey,
  type KnownDivision,
  type PreparedData,
  type PrepareOptions,
  prepareData,
} from './prepareData.ts'
export { isRecorded, type RecordedSteps, type RecordedWeights, type Recording, recordedOf } from './record/record.ts'
export type { StepMeasures } from './record/stepMeter.ts'
export type { Scores } from './scores.ts'
export type { Best, Snapshot } from './snapshot.ts'
export type { State } from './state.ts'
export { renewStatistics } from './statistics.ts'
export type { StepReport, Training } from './training.ts'
