/**
 * Weights in numbers: distributions, norms, singular values, and which of them matter.
 *
 * @module
 */
export {
  ABLATION_SHARES,
  type AblationCurve,
  type AblationOptions,
  type AblationPoint,
  ablationCurves,
} from './ablation.ts'
export {
  QUANTILES,
  type WeightHistogram,
  type WeightQuantiles,
  weightHistograms,
  weightQuantiles,
} from './distributions.ts'
export {
  type GradientImportanceOptions,
  gradientImportance,
  type Importance,
  type ImportanceShare,
  importanceShares,
  magnitudes,
  type WeightImportance,
} from './importance.ts'
export { type NamedWeights, namedWeights, type WeightMatrix, type WeightSnapshot, weightMatrix } from './matrices.ts'
export { runSnapshots } from './runSnapshots.ts'
export { type WeightSpectrum, weightSpectrum } from './spectrum.ts'
export { type WeightStatistics, weightStatistics } from './weightStatistics.ts'
