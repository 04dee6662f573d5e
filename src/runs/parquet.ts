import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import type { DuckDBValue } from '@duckdb/node-api'
import { literal, reasonOf, withDuckDb } from '../data/duckdb/connect.ts'
import { UsageError } from '../errors.ts'

/** A named column: integers or float32. */
export interface NumberColumn {
  readonly name: string
  readonly values: Int32Array | Float32Array
}

/** Rows that DuckDB keeps in one chunk. */
const CHUNK = 2048

/**
 * Writes columns of one length as a Parquet file: under a temporary name, synced, then renamed.
 *
 * @example
 * await writeParquet('points.parquet', [{ name: 'x', values: Float32Array.of(0.5, 1) }])
 */
export async function writeParquet(path: string, columns: readonly NumberColumn[]): Promise<void> {
  const rows = columns[0]?.values.length ?? 0
  const temporary = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await withDuckDb(async (connection, { DuckDBDataChunk, FLOAT, INTEGER }) => {
      const isInteger = ({ values }: NumberColumn): boolean => values instanceof Int32Array
      const declared = columns.map((column) => `"${column.name}" ${isInteger(column) ? 'INTEGER' : 'FLOAT'}`)
      const types = columns.map((column) => (isInteger(column) ? INTEGER : FLOAT))
      await connection.run(`CREATE TABLE written (${declared.join(', ')})`)
      const appender = await connection.createAppender('written')
      for (let begin = 0; begin < rows; begin += CHUNK) {
        const end = Math.min(rows, begin + CHUNK)
        const chunk = DuckDBDataChunk.create(types, end - begin)
        for (const [c, { values }] of columns.entries()) chunk.setColumnValues(c, [...values.subarray(begin, end)])
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
      await connection.run(`COPY written TO ${literal(temporary)} (FORMAT PARQUET, COMPRESSION ZSTD)`)
    })
    const file = await open(temporary, 'r+')
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Columns of a Parquet file of integers and floats, in its order.
 *
 * @throws UsageError when the file is missing, damaged or has columns of other types
 */
export function readParquet(path: string): Promise<NumberColumn[]> {
  return withDuckDb(async (connection) => {
    const result = await connection.run(`SELECT * FROM read_parquet(${literal(path)})`).catch((error: unknown) => {
      throw new UsageError(
        `${path} cannot be read as predictions (${reasonOf(error)}): test the model again to write it anew`,
      )
    })
    const types = result.columnTypes().map(String)
    const columns = await result.getColumns()
    return result.columnNames().map((name, c) => {
      const values = columns[c] ?? []
      if (types[c] === 'INTEGER') return { name, values: Int32Array.from(values, numeric) }
      if (types[c] === 'FLOAT') return { name, values: Float32Array.from(values, numeric) }
      throw new UsageError(`${path}: the column ${name} is ${types[c]}, and predictions are INTEGER and FLOAT`)
    })
  })
}

const numeric = (value: DuckDBValue): number => (typeof value === 'number' ? value : Number.NaN)
