/**
 * Figures: data in, Vega-Lite specification out, with the numbers and a description beside every picture.
 *
 * @module
 */
export { type Architecture, type ArchitectureOptions, architectureSvg, outlineSvg } from './architecture/index.ts'
export { type ChosenInputs, chosenInputs, chosenSamples, fewSamples } from './chosenInputs.ts'
export { type ClassCounts, classBalanceFigure } from './classBalance.ts'
export { colorHistogramFigure } from './colorHistogram.ts'
export { type ComparisonCurvesOptions, comparisonCurves, type GroupCurves } from './comparisonCurves.ts'
export { type ComponentsOptions, componentsFigure } from './components.ts'
export { type ConfusionMatrixOptions, confusionMatrixFigure } from './confusionMatrix.ts'
export { correlationFigure } from './correlationMatrix.ts'
export { type FeatureInput, type FeatureMaps, type FeatureMapsOptions, featureMaps } from './featureMaps.ts'
export { type FeaturePicture, type FeaturePicturesOptions, featurePictures, valueColumns } from './featurePictures.ts'
export { type Figure, PALETTE, type Row } from './figure.ts'
export { type FilterGrid, type FilterGridOptions, type FilterWeights, filterGrid } from './filterGrid.ts'
export { filterSheet } from './filterSheet.ts'
export { type FunctionFit, functionFits } from './functionFits.ts'
export { gridHeatMap, type HeatMapCell, type HeatMapOptions } from './gridHeatMap.ts'
export { type HistogramData, type HistogramPanel, type HistogramsOptions, histogramsFigure } from './histograms.ts'
export { type GridImage, type ImageGridOptions, imageGridPng } from './imageGrid.ts'
export { type ImageSheetOptions, imageSheet, type SheetRow, thumbnail } from './imageSheet.ts'
export * from './inspect/index.ts'
export { learningRateFigure } from './learningRate.ts'
export { type ClassScores, perClassFigure } from './perClassBars.ts'
export { type PrecisionRecallSeries, precisionRecallFigure } from './precisionRecallCurves.ts'
export { predictionScatter, type ScatterOptions } from './predictionScatter.ts'
export { type ProjectedPoint, type ProjectionOptions, projectionFigure } from './projection.ts'
export type { Rgb } from './raster.ts'
export { type ReliabilityOptions, reliabilityFigure } from './reliability.ts'
export { type FigureTarget, type SavedPicture, saveFigure, savePicture, toCsv, toPng, toSvg } from './render.ts'
export { type CurvesOptions, type RocSeries, rocFigure } from './rocCurves.ts'
export { type JudgedSample, sampleRows, sampleSheet } from './sampleSheet.ts'
export { scoreIntervals } from './scoreIntervals.ts'
export { screeFigure } from './scree.ts'
export {
  type ContourOptions,
  type HistoryOptions,
  type IntermediateOptions,
  importanceBars,
  intermediateValues,
  type ParallelOptions,
  parallelCoordinates,
  type RateTableOptions,
  rateTable,
  type SlicesOptions,
  searchContour,
  searchHistory,
  searchSlices,
  type ValueOptions,
} from './search/index.ts'
export { MAX_SERIES, type NamedSeries, seriesEncoding } from './series.ts'
export { type SpectrogramPanel, spectrogramFigure } from './spectrogram.ts'
export { type SpectrumCurve, spectrumFigure } from './spectrum.ts'
export { thinned } from './thin.ts'
export { trainingCurves } from './trainingCurves.ts'
export { type Sound, waveformFigure } from './waveform.ts'
