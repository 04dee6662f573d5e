export { type FinalRuns, readStudyContent, type StudyContent } from './content.ts'
export { studyFigures } from './figures.ts'
export { studyReport, writeStudyReport } from './studyReport.ts'
export { type StudyTable, type StudyTableOptions, studyTables } from './tables.ts'
