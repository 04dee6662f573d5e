export { type AdadeltaOptions, adadelta } from './adadelta.ts'
export { type AdagradOptions, adagrad } from './adagrad.ts'
export { type AdamOptions, adam, adamW } from './adam.ts'
export {
  type Clipping,
  clipGradientNorm,
  clipGradients,
  clipGradientValue,
  gradientNorm,
  parseClipping,
} from './clipping.ts'
export { type LionOptions, lion } from './lion.ts'
export { type NadamOptions, nadam } from './nadam.ts'
export type { Optimizer, OptimizerGroup } from './optimizer.ts'
export { type ParameterGroup, parameterGroups } from './parameterGroups.ts'
export type { ParameterPlace } from './parameters.ts'
export { radam } from './radam.ts'
export { type ElasticNetOptions, elasticNet } from './regularizers/elasticNet.ts'
export { type GroupSparsityOptions, groupSparsity } from './regularizers/groupSparsity.ts'
export { type L1Options, l1 } from './regularizers/l1.ts'
export { type L2Options, l2 } from './regularizers/l2.ts'
export { type MaxNormOptions, maxNorm } from './regularizers/maxNorm.ts'
export type { Parameter, ParameterValues, Regularization, Regularizer } from './regularizers/regularizer.ts'
export { type Sparsity, sparsity, type Zeros } from './regularizers/sparsity.ts'
export { type RmsPropOptions, rmsProp } from './rmsProp.ts'
export { constant as constantSchedule } from './schedules/constant.ts'
export { cosine } from './schedules/cosine.ts'
export { type CosineWarmRestartsOptions, cosineWarmRestarts } from './schedules/cosineWarmRestarts.ts'
export { exponential } from './schedules/exponential.ts'
export { type MultiStepOptions, multiStep } from './schedules/multiStep.ts'
export { type OneCycleOptions, oneCycle } from './schedules/oneCycle.ts'
export { type PolynomialOptions, polynomial } from './schedules/polynomial.ts'
export { type ReduceOnPlateauOptions, reduceOnPlateau } from './schedules/reduceOnPlateau.ts'
export type { Observation, Schedule, ScheduleContext } from './schedules/schedule.ts'
export { type StepDecayOptions, stepDecay } from './schedules/stepDecay.ts'
export { type WarmupOptions, warmup } from './schedules/warmup.ts'
export { type SgdOptions, sgd } from './sgd.ts'
export { makeUpdater, makeUpdaters, type Updater, type Updaters } from './updater.ts'
