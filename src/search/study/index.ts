export { createStudy, readStudy, type StoredStudy, type StudyOptions } from './createStudy.ts'
export type { StudyTrial } from './ledger.ts'
export type { Result, Study, Trial } from './study.ts'
