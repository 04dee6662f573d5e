import { UsageError } from '../../errors.ts'
import { createDataset, type MemoryDataset, type Targets } from '../dataset.ts'
import { type Column, categorized, cellText, takeRows } from './column.ts'
import { type ColumnEncoding, type Encoding, type TargetEncoding, widthOf } from './encoding.ts'
import { allRows, rowList } from './fitEncoding.ts'
import type { Table } from './table.ts'

export interface EncodeOptions {
  /** Default the table's. */
  readonly name?: string
  /** Rows that become samples, in this order; default all. */
  readonly rows?: Uint32Array
  /** Columns to keep beside the samples. */
  readonly columns?: readonly string[]
}

/**
 * Rows of a table as samples, float32 `[features]`, by an encoding that was learnt before. A missing value is NaN in all numbers of its
 * column: training refuses it unless an imputation stands first in `prepare`.
 *
 * @throws UsageError naming column and rows: a column is not there or of another kind, a category is not known, a target is missing
 *
 * @example
 * const encoding = fitEncoding(train, { target: 'survived' })
 * const samples = encodeTable(test, encoding)
 */
export function encodeTable(table: Table, encoding: Encoding, options: EncodeOptions = {}): MemoryDataset {
  const { rows = allRows(table), name = table.name, columns = [] } = options
  const width = encoding.features.reduce((sum, feature) => sum + widthOf(feature), 0)
  const data = new Float32Array(rows.length * width)
  let offset = 0
  for (const feature of encoding.features) {
    write(table, feature, rows, data.subarray(offset), width)
    offset += widthOf(feature)
  }
  return createDataset({
    name,
    inputs: { data, shape: [width] },
    targets: targetsOf(table, encoding.target, rows),
    encoding,
    rows: rows.map((row) => row + 1),
    ...(columns.length > 0 && { columns: columns.map((one) => takeRows(table.column(one), rows)) }),
  })
}

/** Writes one column's numbers, at the beginning of each `stride`. */
function write(table: Table, encoding: ColumnEncoding, rows: Uint32Array, out: Float32Array, stride: number): void {
  const column = table.column(encoding.column)
  if (encoding.as === 'number' || encoding.as === 'days') {
    const values = numbersOf(table, column)
    const since = encoding.as === 'days' ? encoding.since : 0
    for (let i = 0; i < rows.length; i++) out[i * stride] = (values[rows[i] ?? 0] ?? Number.NaN) - since
    return
  }
  const codes = codesIn(column, encoding.categories, rows)
  if (!encoding.other)
    requireKnown(
      table,
      column,
      encoding.categories,
      rows,
      codes,
      `, or give such values a category of their own by unknown: 'other'`,
    )
  if (encoding.as === 'ordinal') {
    for (let i = 0; i < rows.length; i++) out[i * stride] = codes[i] ?? Number.NaN
    return
  }
  const width = widthOf(encoding)
  for (let i = 0; i < rows.length; i++) {
    const code = codes[i] ?? Number.NaN
    if (Number.isNaN(code)) out.fill(Number.NaN, i * stride, i * stride + width)
    else out[i * stride + code] = 1
  }
}

function numbersOf(table: Table, column: Column): Float64Array {
  if (column.type !== 'text') return column.values
  throw new UsageError(
    `${table.name}: column ${column.name} is text (${column.categories.slice(0, 3).join(', ')}) and has to be a number, as in training`,
  )
}

/** The place of each row's value among the categories: one beyond the last where it is another, NaN where it is missing. */
function codesIn(column: Column, categories: readonly string[], rows: Uint32Array): Float64Array {
  const { codes, categories: own } = categorized(column)
  const places = new Map(categories.map((category, place) => [category, place]))
  const placeOf = Float64Array.from(own, (category) => places.get(category) ?? categories.length)
  return Float64Array.from(rows, (row) => placeOf[codes[row] ?? -1] ?? Number.NaN)
}

function requireKnown(
  table: Table,
  column: Column,
  categories: readonly string[],
  rows: Uint32Array,
  codes: Float64Array,
  wayOut = '',
): void {
  const strange = rows.filter((_, i) => codes[i] === categories.length)
  const [first] = strange
  if (first === undefined) return
  const known = categories.length > 10 ? `${categories.slice(0, 10).join(', ')}, …` : categories.join(', ')
  throw new UsageError(
    `${table.name}: ${column.name} is "${cellText(column, first)}" in ${rowList(strange)}, and no training row has that (${known}): mend the value${wayOut}`,
  )
}

/** @throws UsageError naming column and rows where a target is missing or its class is not known */
export function targetsOf(table: Table, target: TargetEncoding, rows: Uint32Array): Targets {
  if (target.task === 'classification') {
    const column = table.column(target.column)
    const codes = codesIn(column, target.classes, rows)
    requirePresent(table, target.column, rows, codes, 1)
    requireKnown(table, column, target.classes, rows, codes)
    return { task: 'classification', labels: Int32Array.from(codes), classes: target.classes }
  }
  const width = target.columns.length
  const values = new Float32Array(rows.length * width)
  for (const [c, name] of target.columns.entries()) {
    const from = numbersOf(table, table.column(name))
    for (let i = 0; i < rows.length; i++) values[i * width + c] = from[rows[i] ?? 0] ?? Number.NaN
    requirePresent(table, name, rows, values.subarray(c), width)
  }
  return { task: 'regression', values, shape: [width] }
}

function requirePresent(
  table: Table,
  name: string,
  rows: Uint32Array,
  values: ArrayLike<number>,
  stride: number,
): void {
  const missing = rows.filter((_, i) => Number.isNaN(values[i * stride]))
  if (missing.length > 0)
    throw new UsageError(
      `${table.name}: the target ${name} is missing in ${rowList(missing)}: drop them by dropMissing: ['${name}']`,
    )
}
