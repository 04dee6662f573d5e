/**
 * Reports: a document as a value, and how it is set.
 *
 * @module
 */
export {
  type ComparisonFigureOptions,
  comparisonFigures,
  comparisonReport,
  comparisonTables,
  type NotedTable,
  writeComparison,
} from './comparison/index.ts'
export type {
  Chart,
  ChartSection,
  FilterPicture,
  ImageSection,
  MeasuredShare,
  RenderedChart,
  RenderedFigure,
  RunPicture,
  RunReportContent,
  RunReportExtras,
  ShownSample,
} from './content.ts'
export type { Block, Cell, Column, GalleryItem, Picture, ReportDocument, Section } from './document.ts'
export type { MeasuredScore } from './evaluation/scores.ts'
export {
  FORMAT_NAMES,
  type FormatName,
  type FormatOutcome,
  isFormatName,
  type PaperOptions,
  type WriteOptions,
  writeFormats,
} from './formats/index.ts'
export { type GroupReportOptions, groupReportFolder, groupTitle, writeGroupReport } from './group/groupReport.ts'
export { renderHtml } from './html.ts'
export { type PdfOptions, toPdf } from './pdf/toPdf.ts'
export { audioFigures } from './profile/audioSection.ts'
export { type NamedFigure, profileFigures } from './profile/figures.ts'
export { figureSection, type ProfileReportExtras, profileReport, saveProfileFigures } from './profile/profileReport.ts'
export { structureFigures, structureSection } from './profile/structureSection.ts'
export { type RunData, runExtras } from './runExtras.ts'
export { renderRunReport, runReport, writeRunReport } from './runReport.ts'
export {
  type FinalRuns,
  readStudyContent,
  type StudyContent,
  type StudyTable,
  type StudyTableOptions,
  studyFigures,
  studyReport,
  studyTables,
  writeStudyReport,
} from './study/index.ts'
export type { ReportFormats } from './writeReport.ts'
