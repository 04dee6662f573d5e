/**
 * SQL over a folder of runs: its files are the truth, and DuckDB reads of them what a query names.
 *
 * @module
 */
export type { Cell } from './cells.ts'
export { type ExportedView, exportViews } from './exportViews.ts'
export { type Answer, queryRuns } from './query.ts'
export type { Column, View, ViewName } from './view.ts'
export { views } from './views.ts'
export { runsWhere } from './where.ts'
