/**
 * Looking inside trained networks.
 *
 * @module
 */
export { type Activation, type ActivationsOptions, activations, type InspectedLayer, layersOf } from './activations.ts'
export { type BoundProgram, bound } from './bound.ts'
export {
  type CriticalPoint,
  type CriticalPointsOptions,
  criticalPoints,
  type FullHessian,
  fullHessian,
  hessianOf,
  hutchinsonTrace,
  type MinimalRatio,
  type MinimalRatiosOptions,
  minimalRatios,
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
  ALPHAS,
  type Alignment,
  type Barrier,
  barrier,
  barrierOverPairs,
  evenly,
  type InterpolatedPoint,
  type InterpolateOptions,
  type Interpolation,
  interpolate,
  layersWithWeights,
  type PermutableUnits,
  permutableUnits,
  requireComparable,
  weightMatching,
} from './interpolate/index.ts'
export {
  filterNormalized,
  gridPlaces,
  type Plane,
  type PrincipalPlane,
  planeThrough,
  principalPlane,
  randomDirection,
  type Span,
  type SurfacePoint,
  surface,
  type Vectors,
} from './landscape/index.ts'
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
export {
  type PlacesOptions,
  type PlacesProgress,
  type Point,
  type PointScores,
  pointOf,
  pointScorer,
  type SampleOptions,
  type ScoredNetwork,
  type ScoredSplit,
  type Scorer,
  type Statistics,
  sampledSplit,
} from './weightSpace/index.ts'
export * from './weights/index.ts'
