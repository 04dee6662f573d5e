export { BASELINES, type Baseline, baselineOf } from './baseline.ts'
export { type DeletionCurves, deletionCurves } from './curves.ts'
export { type Explained, explained, lastConvolution, type Question, type Slopes, weightedLayers } from './explained.ts'
export { gradient, inputTimesGradient } from './gradient.ts'
export { type Completeness, type IntegratedGradientsOptions, integratedGradients } from './integratedGradients.ts'
export { type OcclusionOptions, occlusion, planeOf } from './occlusion.ts'
export {
  planes,
  SALIENCY_METHODS,
  type SaliencyMap,
  type SaliencyMethod,
  type SaliencyOptions,
  saliency,
} from './saliency.ts'
export { type Sanity, type SanityOptions, type SanityStep, sanityCheck } from './sanityCheck.ts'
export { rankCorrelation, ssim } from './similarity.ts'
export { type SmoothGradOptions, smoothGrad } from './smoothGrad.ts'
