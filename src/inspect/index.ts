/**
 * Looking inside trained networks.
 *
 * @module
 */
export { type Activation, type ActivationsOptions, activations, type InspectedLayer, layersOf } from './activations.ts'
export { type BoundProgram, bound } from './bound.ts'
export {
  type FullHessian,
  fullHessian,
  hessianOf,
  hutchinsonTrace,
  type SpectralDensity,
  type SpectralDensityOptions,
  type Spectrum,
  type SymmetricOperator,
  spectralDensity,
  spectrum,
  type TopEigenvalue,
  type TopEigenvalues,
  type TopEigenvaluesOptions,
  type TraceEstimate,
  topEigenvalues,
} from './curvature/index.ts'
export { type DataSummary, dataSummary } from './dataSummary.ts'
export { type ChannelStatistics, channelStatistics, featureLayers, hasMaps } from './featureLayers.ts'
export {
  type Judged,
  type LossFunction,
  type LossFunctionOptions,
  type LossSlope,
  lossFunction,
} from './lossFunction.ts'
export {
  boxOf,
  type EffectiveField,
  type EffectiveOptions,
  effectiveFields,
  type FieldBox,
  type MappedWeights,
  mappedBack,
  type Pair,
  placesOf,
  type TheoreticalField,
  theoreticalFields,
} from './receptiveField/index.ts'
export * from './saliency/index.ts'
export {
  type InputSensitivity,
  type InputUnits,
  inputSensitivity,
  type SensitivityOptions,
} from './sensitivity/index.ts'
export {
  adaptiveSharpness,
  epsilonSharpness,
  type Sharpness,
  type SharpnessOptions,
  sharpnessText,
} from './sharpness/index.ts'
export * from './units/index.ts'
