export { type FullHessian, fullHessian, hessianOf, type Spectrum, spectrum } from './hessian.ts'
export type { SymmetricOperator } from './lanczos.ts'
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from './spectralDensity.ts'
export {
  type TopEigenvalue,
  type TopEigenvalues,
  type TopEigenvaluesOptions,
  topEigenvalues,
} from './topEigenvalues.ts'
export { hutchinsonTrace, type TraceEstimate } from './trace.ts'
