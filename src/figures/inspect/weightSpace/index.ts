export { interpolationCurves } from './interpolationCurves.ts'
export { layerInterpolationMap } from './layerInterpolationMap.ts'
