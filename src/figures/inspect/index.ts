export { type ActivationPicturesOptions, activationPictures } from './activationPictures.ts'
export {
  type AgainstAxis,
  type AgainstOptions,
  type AgainstPanel,
  type AgainstSeries,
  againstFigure,
} from './againstFigure.ts'
export { deletionFigure, type NamedDeletion } from './deletionFigure.ts'
export { type EmbeddingPicturesOptions, embeddingPictures } from './embeddingPictures.ts'
export { type GeneralizationRun, generalizationFigure, labelsText } from './generalizationFigure.ts'
export { type MaximizePicturesOptions, maximizePictures, objectivesOf } from './maximizePictures.ts'
export { minimalRatioFigure } from './minimalRatioFigure.ts'
export type { NamedPicture } from './namedPicture.ts'
export { type ReceptiveFieldPicturesOptions, receptiveFieldPictures } from './receptiveFieldPictures.ts'
export { type ExplainedRow, saliencyBars } from './saliencyBars.ts'
export {
  type SaliencyPictures,
  type SaliencyPicturesOptions,
  saliencyPictures,
} from './saliencyPictures.ts'
export { type ExplainedImage, mapCell, type NamedMap, saliencySheet } from './saliencySheet.ts'
export { type ExplainedSignal, saliencySignals } from './saliencySignals.ts'
export { sanityCurves } from './sanityFigures.ts'
export { sanitySheet } from './sanitySheet.ts'
export { type MeasuredRun, sensitivityFigure, sharpnessFigure } from './sensitivityFigures.ts'
export { smallBars } from './smallBars.ts'
export { type SmallSignal, smallSignals } from './smallSignals.ts'
export { densityFigure, eigenvaluesFigure } from './spectrumFigures.ts'
export {
  divergingLegend,
  type SheetCell,
  type SheetLegend,
  type SheetLine,
  type TableSheet,
  tableSheet,
} from './tableSheet.ts'
export { type TopPicturesOptions, topPictures } from './topSheet.ts'
export * from './trajectory/index.ts'
export { weightQuantilesFigure } from './weightDistributions.ts'
export { type WeightPicturesOptions, weightPictures } from './weightPictures.ts'
export * from './weightSpace/index.ts'
