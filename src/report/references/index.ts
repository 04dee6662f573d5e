export { type Evaluated, evaluate } from './evaluate.ts'
export { type Expression, parseExpression } from './expression.ts'
export { openRecords, type Records } from './records.ts'
export type { Unit, Value } from './value.ts'
