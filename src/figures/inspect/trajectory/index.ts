export { displacementFigure, distancesFigure, loadingsFigure } from './distanceFigures.ts'
export { planeFigure } from './planeFigure.ts'
export { gradientCosineFigure, gradientNormFigure, type MeasuredSteps, updateRatioFigure } from './stepFigures.ts'
