/**
 * Looking inside trained networks.
 *
 * @module
 */
export { type Activation, type ActivationsOptions, activations, type InspectedLayer, layersOf } from './activations.ts'
export { atMost } from './atMost.ts'
export { type BoundProgram, bound } from './bound.ts'
export * from './curvature/index.ts'
export { type DataSummary, dataSummary } from './dataSummary.ts'
export * from './embedding/index.ts'
export { type ChannelStatistics, channelStatistics, featureLayers, hasMaps } from './featureLayers.ts'
export * from './features/index.ts'
export * from './generalization/index.ts'
export {
  ALPHAS,
  type Alignment,
  type Barrier,
  barrier,
  barrierOverPairs,
  evenly,
  type InterpolatedPair,
  type InterpolatedPoint,
  type InterpolateOptions,
  type Interpolation,
  type InterpolationStudy,
  interpolate,
  layersWithWeights,
  type PermutableUnits,
  permutableUnits,
  type RunPair,
  requireComparable,
  runPairs,
  type StatisticsUsed,
  studyBarriers,
  studyNotes,
  studyText,
  weightMatching,
} from './interpolate/index.ts'
export { keep, kept, readKept } from './kept.ts'
export * from './landscape/index.ts'
export {
  type Judged,
  type LossFunction,
  type LossFunctionOptions,
  type LossSlope,
  lossFunction,
} from './lossFunction.ts'
export * from './maximize/index.ts'
export { penultimate } from './penultimate.ts'
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
export * from './sensitivity/index.ts'
export * from './sharpness/index.ts'
export * from './trajectory/index.ts'
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
