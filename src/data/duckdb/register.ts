import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { type Column, cellText } from '../table/column.ts'
import type { Table } from '../table/table.ts'
import { type DuckDB, identifier } from './connect.ts'

/** Rows that DuckDB keeps in one chunk. */
const CHUNK = 2048

/** SQL of a column as it was written, in its own type. */
const TYPED: Readonly<Record<Column['type'], (at: string) => string>> = {
  text: (at) => at,
  number: (at) => at,
  integer: (at) => `${at}::BIGINT`,
  boolean: (at) => `(${at} <> 0)`,
  date: (at) => `make_timestamp((${at} * 86400000000)::BIGINT)`,
}

/** Makes a table known to DuckDB under a name: a copy in its memory. */
export async function register(
  connection: DuckDBConnection,
  { DuckDBDataChunk, DOUBLE, VARCHAR }: DuckDB,
  name: string,
  { columns, length }: Table,
): Promise<void> {
  const written = `cells of ${name}`
  const declared = columns.map(
    (column) => `${identifier(column.name)} ${column.type === 'text' ? 'VARCHAR' : 'DOUBLE'}`,
  )
  await connection.run(`CREATE TABLE ${identifier(written)} (${declared.join(', ')})`)
  const appender = await connection.createAppender(written)
  const types = columns.map((column) => (column.type === 'text' ? VARCHAR : DOUBLE))
  for (let begin = 0; begin < length; begin += CHUNK) {
    const rows = Math.min(CHUNK, length - begin)
    const chunk = DuckDBDataChunk.create(types, rows)
    for (const [c, column] of columns.entries())
      chunk.setColumnValues(
        c,
        Array.from({ length: rows }, (_, i) => cellOf(column, begin + i)),
      )
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  const typed = columns.map((column) => `${TYPED[column.type](identifier(column.name))} AS ${identifier(column.name)}`)
  await connection.run(`CREATE VIEW ${identifier(name)} AS SELECT ${typed.join(', ')} FROM ${identifier(written)}`)
}

function cellOf(column: Column, row: number): DuckDBValue {
  if (column.type === 'text') return cellText(column, row) ?? null
  const value = column.values[row] ?? Number.NaN
  return Number.isNaN(value) ? null : value
}
