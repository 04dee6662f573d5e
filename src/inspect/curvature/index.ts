export { type CriticalPoint, type CriticalPointsOptions, criticalPoints } from './criticalPoints.ts'
export { type FullHessian, fullHessian, hessianOf, type Spectrum, spectrum } from './hessian.ts'
export type { SymmetricOperator } from './lanczos.ts'
export {
  type MinimalRatio,
  type MinimalRatiosOptions,
  minimalRatioSchema,
  minimalRatios,
} from './minimalRatios.ts'
export { minimalRatioText } from './minimalRatioText.ts'
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from './spectralDensity.ts'
export {
  type TopEigenvalue,
  type TopEigenvalues,
  type TopEigenvaluesOptions,
  topEigenvalues,
} from './topEigenvalues.ts'
export { hutchinsonTrace, type TraceEstimate } from './trace.ts'
