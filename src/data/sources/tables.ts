import { parseConfig } from '../../nn/config.ts'
import type { DataSource } from '../dataset.ts'
import { querySql, readJson, readParquet } from '../duckdb/readTable.ts'
import { type TableSourceOptions, tableSource, tableSourceSchema } from './tableSource.ts'

/**
 * Samples from the rows of a Parquet file; otherwise as `csv`.
 *
 * @throws UsageError at loading: the file is not there or damaged, a column is misspelt, a target is missing, text is no category
 *
 * @example
 * data: parquet('houses.parquet', { target: 'price', test: timeOrdered({ by: 'sold', validation: 0.2 }), columns: ['sold'] })
 */
export function parquet(path: string, options: TableSourceOptions): DataSource {
  parseConfig('parquet', tableSourceSchema, options)
  return tableSource('parquet', { path, ...options }, options, path, readParquet)
}

/**
 * Samples from the objects of a JSON file, a list or an object a line; otherwise as `csv`.
 *
 * @throws UsageError at loading: the file is not there or not JSON, a column is misspelt, a target is missing, text is no category
 *
 * @example
 * data: json('reviews.ndjson', { target: 'stars', task: 'regression', test: 0.1 })
 */
export function json(path: string, options: TableSourceOptions): DataSource {
  parseConfig('json', tableSourceSchema, options)
  return tableSource('json', { path, ...options }, options, path, readJson)
}

/**
 * Samples from the rows of an SQL query (DuckDB's) over files; otherwise as `csv`. Say ORDER BY: the samples' order is the rows'.
 *
 * @param query the training data; `test` may be another query
 * @throws UsageError at loading: the query cannot be run, a column is misspelt, a target is missing, text is no category
 *
 * @example
 * data: sql("SELECT * FROM 'visits.csv' JOIN 'patients.parquet' USING (patient) ORDER BY visit", {
 *   target: 'ill', columns: ['patient'], test: groupedHoldOut({ by: 'patient', validation: 0.2 }),
 * })
 */
export function sql(query: string, options: TableSourceOptions): DataSource {
  parseConfig('sql', tableSourceSchema, options)
  return tableSource('sql', { query, ...options }, options, query, (text, hooks) => querySql(text, {}, hooks))
}
