export { interpolationCurves } from './interpolationCurves.ts'
export { type LandscapeContourOptions, landscapeContour } from './landscapeContour.ts'
export { layerInterpolationMap } from './layerInterpolationMap.ts'
export { lossProfileFigure } from './lossProfileFigure.ts'
