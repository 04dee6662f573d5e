/**
 * Reports: a document as a value, and how it is set.
 *
 * @module
 */

export { allFindings, audited } from './audited.ts'
export {
  abs,
  type BlockReference,
  best,
  difference,
  type FigureOptions,
  type Filter,
  figure,
  file,
  fixed,
  type GroupReference,
  type GroupScoreReference,
  gallery,
  group,
  type JsonReference,
  max,
  mean,
  min,
  type ProfileReference,
  percent,
  points,
  profile,
  type Reference,
  type RunReference,
  ratio,
  run,
  type ScoreReference,
  type SplitReference,
  type StudyReference,
  study,
  sum,
  type TableOptions,
  table,
  type ValueReference,
} from './builders/index.ts'
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
export { type ProfileExtras, readProfile, saveProfile } from './profile/storedProfile.ts'
export { structureFigures, structureSection } from './profile/structureSection.ts'
export { type Evaluated, evaluate, openRecords, type Records } from './references/index.ts'
export { type RunData, runExtras } from './runExtras.ts'
export { renderRunReport, runReport, writeRunReport } from './runReport.ts'
export {
  type BuildOptions,
  type Built,
  buildLoaded,
  buildReport,
  isReport,
  type Report,
  report,
} from './source/index.ts'
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
