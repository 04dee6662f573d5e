/**
 * Tables in memory, and how their columns become samples. What reads tables from files is in `assay/data/node`.
 *
 * @module
 */
export { type Cell, type Column, column, type NumberColumn, type TextColumn } from './column.ts'
export type { ColumnSummary, NumberSummary, TextSummary } from './describe.ts'
export { type EncodeOptions, encodeTable } from './encode.ts'
export { type ColumnEncoding, type Encoding, featureNames, type TargetEncoding } from './encoding.ts'
export { type Encode, type EncodingOptions, fitEncoding } from './fitEncoding.ts'
export { type Row, Table } from './table.ts'
export {
  type TableDatasetOptions,
  type TableSplitsOptions,
  tableSplits,
} from './tableSplits.ts'
