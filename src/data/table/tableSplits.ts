import { UsageError } from '../../errors.ts'
import type { LeftOut, MemoryDataset, Splits } from '../dataset.ts'
import { sha256 } from '../sha256.ts'
import { holdOut } from '../splits/holdOut.ts'
import type { Division, HoldOutStrategy } from '../splits/split.ts'
import { type Column, isMissing, takeRows } from './column.ts'
import { encodeTable, targetsOf } from './encode.ts'
import { allRows, type EncodingOptions, fitEncoding, targetOf } from './fitEncoding.ts'
import type { Table } from './table.ts'

export interface TableDatasetOptions extends EncodingOptions {
  /** Leave out rows without a value in these columns, or (true) in any that is used; they are listed. Default: none is left out. */
  readonly dropMissing?: true | readonly string[]
}

export interface TableSplitsOptions extends TableDatasetOptions {
  /** Rows to test on: a share or count of them, or a strategy, whose validation part they become. Default none. */
  readonly test?: number | HoldOutStrategy | undefined
}

/**
 * A table as training and test data. Categories, classes and dates are learnt from the training rows alone.
 *
 * A number of rows to test on is held out at random (by classes, where there are any), and depends on the target's values alone: the same
 * rows are tested on whatever the features are.
 *
 * @param testTable the test data, where they are another table; `test` does not count then
 * @throws UsageError as {@link fitEncoding} and {@link encodeTable}, and when no row is left
 *
 * @example
 * const { train, test } = tableSplits(table, { target: 'survived', test: 0.2 })
 */
export function tableSplits(table: Table, { test, ...options }: TableSplitsOptions, testTable?: Table): Splits {
  const kept = completeRows(table, options)
  const division =
    testTable === undefined
      ? divided(table, kept.rows, options, test)
      : { train: kept.rows, validation: new Uint32Array() }
  const encoding = fitEncoding(table, options, division.train)
  const { columns = [] } = options
  const train = encodeTable(table, encoding, { rows: division.train, columns })
  if (testTable === undefined)
    return withLeftOut({ train, test: encodeTable(table, encoding, { rows: division.validation, columns }) }, [
      ...table.leftOut,
      ...kept.leftOut,
    ])
  const keptTest = completeRows(testTable, { ...options, features: encoding.features.map(({ column }) => column) })
  return withLeftOut(
    { train, test: encodeTable(testTable, encoding, { name: table.name, rows: keptTest.rows, columns }) },
    [...table.leftOut, ...kept.leftOut, ...testTable.leftOut, ...keptTest.leftOut],
  )
}

/** All rows of a table as samples: see `Table.toDataset`. */
export const tableDataset = (table: Table, options: TableDatasetOptions): MemoryDataset => {
  const { rows } = completeRows(table, options)
  return encodeTable(table, fitEncoding(table, options, rows), { rows, columns: options.columns ?? [] })
}

const withLeftOut = (splits: Splits, leftOut: readonly LeftOut[]): Splits => ({
  ...splits,
  ...(leftOut.length > 0 && { leftOut }),
})

function divided(
  table: Table,
  rows: Uint32Array,
  options: EncodingOptions,
  test: TableSplitsOptions['test'],
): Division {
  if (test === undefined) return { train: rows, validation: new Uint32Array() }
  const strategy = typeof test === 'number' ? holdOut({ validation: test }) : test
  const target = targetOf(table, options, rows)
  const targets = targetsOf(table, target, rows)
  const values = targets.task === 'classification' ? targets.labels : targets.values
  const { train, validation } = strategy.divide({
    name: table.name,
    length: rows.length,
    fingerprint: sha256(JSON.stringify(target), values),
    targets,
    columns: (options.columns ?? []).map((name) => takeRows(table.column(name), rows)),
  })
  const ofTable = (places: Uint32Array): Uint32Array => places.map((place) => rows[place] ?? 0)
  return { train: ofTable(train), validation: ofTable(validation) }
}

/** The rows that have what they must have, and the others. */
function completeRows(
  table: Table,
  options: TableDatasetOptions,
): { readonly rows: Uint32Array; readonly leftOut: LeftOut[] } {
  const { target, features, columns = [], dropMissing = [] } = options
  const used = features === undefined ? table.names : [target, features, columns].flat()
  const needed = (dropMissing === true ? used : dropMissing).map((name) => table.column(name))
  const leftOut: LeftOut[] = []
  const rows = allRows(table).filter((row) => {
    const missing: readonly Column[] = needed.filter((column) => isMissing(column, row))
    if (missing.length > 0)
      leftOut.push({
        item: `row ${row + 1} of ${table.name}`,
        reason: `${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      })
    return missing.length === 0
  })
  if (rows.length === 0)
    throw new UsageError(
      `${table.name}: no row has a value in all of ${needed.map(({ name }) => name).join(', ')}: drop rows by fewer columns`,
    )
  return { rows, leftOut }
}
