export { type Evaluated, evaluate } from './evaluate.ts'
export { openRecords, type Records } from './records.ts'
export type { Value } from './value.ts'
