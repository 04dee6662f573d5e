/**
 * Figures: data in, Vega-Lite specification out, with the numbers and a description beside every picture.
 *
 * @module
 */
export { type Architecture, type ArchitectureOptions, architectureSvg } from './architecture/index.ts'
export { type ClassCounts, classBalanceFigure } from './classBalance.ts'
export { colorHistogramFigure } from './colorHistogram.ts'
export { type ComponentsOptions, componentsFigure } from './components.ts'
export { confusionMatrixFigure } from './confusionMatrix.ts'
export { correlationFigure } from './correlationMatrix.ts'
export { type Figure, PALETTE, type Row } from './figure.ts'
export { type FilterGrid, type FilterGridOptions, type FilterWeights, filterGrid } from './filterGrid.ts'
export { type HistogramData, type HistogramPanel, type HistogramsOptions, histogramsFigure } from './histograms.ts'
export { type GridImage, type ImageGridOptions, imageGridPng } from './imageGrid.ts'
export { type ImageSheetOptions, imageSheet, type SheetRow, thumbnail } from './imageSheet.ts'
export { learningRateFigure } from './learningRate.ts'
export { type ProjectedPoint, type ProjectionOptions, projectionFigure } from './projection.ts'
export type { Rgb } from './raster.ts'
export { type FigureTarget, type SavedPicture, saveFigure, savePicture, toCsv, toSvg } from './render.ts'
export { screeFigure } from './scree.ts'
export { type SpectrogramPanel, spectrogramFigure } from './spectrogram.ts'
export { type SpectrumCurve, spectrumFigure } from './spectrum.ts'
export { trainingCurves } from './trainingCurves.ts'
export { type Sound, waveformFigure } from './waveform.ts'
