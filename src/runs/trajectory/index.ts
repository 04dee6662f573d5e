export { type RecordedFile, recordedFiles } from './files.ts'
export { type RecordedSteps, recordedSteps } from './recordedSteps.ts'
