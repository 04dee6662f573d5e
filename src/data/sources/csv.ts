import { parseConfig } from '../../nn/config.ts'
import type { DataSource } from '../dataset.ts'
import { type CsvOptions, csvOptionsSchema } from '../duckdb/csvOptions.ts'
import { readCsvColumns } from '../duckdb/readCsv.ts'
import { type TableSourceOptions, tableSource, tableSourceSchema } from './tableSource.ts'

export interface CsvSourceOptions extends TableSourceOptions, CsvOptions {}

const schema = tableSourceSchema.extend(csvOptionsSchema.shape)

/**
 * Samples from the rows of a CSV file: the target is a column, the features are the others, or those that are named.
 *
 * Delimiter, decimal comma and types are found out from the whole file (see {@link CsvOptions}). Rows that are broken are left out and
 * listed. Missing values are NaN: training refuses them unless `impute` stands first in `prepare`, or `dropMissing` leaves their rows out.
 * Texts are one-hot, by categories in sorted order that are learnt from all rows but those to test on; a category that only validation
 * rows have is zero throughout training.
 *
 * @param path absolute, or from the working folder; may be gzipped
 * @throws UsageError at loading: the file is not there or too broken, a column is misspelt, a target is missing, text is no category
 *
 * @example
 * experiment({
 *   data: csv('titanic.csv', { target: 'survived', features: ['class', 'sex', 'age', 'fare'], test: 0.2 }),
 *   prepare: [impute({ strategy: 'median' }), standardize()],
 *   …
 * })
 */
export function csv(path: string, options: CsvSourceOptions): DataSource {
  parseConfig('csv', schema, options)
  const { target, task, features, encode, unknown, columns, dropMissing, test, ...reading } = options
  const used = features && [target, features, columns ?? []].flat()
  return tableSource('csv', { path, ...options }, options, path, (from, hooks, like) =>
    readCsvColumns(from, reading, hooks, { like, only: like === undefined ? used : undefined }),
  )
}
