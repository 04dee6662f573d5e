/**
 * Groups of runs side by side, as tables, figures and a page.
 *
 * @module
 */
export {
  type ComparisonFigureOptions,
  comparisonFigures,
  comparisonReport,
  writeComparison,
} from './comparisonReport.ts'
export { comparisonTables, type NotedTable } from './tables.ts'
