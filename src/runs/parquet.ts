import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { literal, reasonOf, withDuckDb } from '../data/duckdb/connect.ts'
import { UsageError } from '../errors.ts'

/** A named column: integers or float32. */
export interface NumberColumn {
  readonly name: string
  readonly values: Int32Array | Float32Array
}

/** A named column of texts. */
export interface TextColumn {
  readonly name: string
  readonly values: readonly string[]
}

/** Rows that DuckDB keeps in one chunk. */
const CHUNK = 2048

const FORMATS = { parquet: 'FORMAT PARQUET, COMPRESSION ZSTD', csv: 'FORMAT CSV, HEADER' } as const

/**
 * Writes columns of one length as a Parquet file, or as CSV: under a temporary name, synced, then renamed.
 *
 * @example
 * await writeParquet('points.parquet', [{ name: 'x', values: Float32Array.of(0.5, 1) }])
 */
export async function writeParquet(
  path: string,
  columns: readonly (NumberColumn | TextColumn)[],
  format: keyof typeof FORMATS = 'parquet',
): Promise<void> {
  const rows = columns[0]?.values.length ?? 0
  const temporary = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await withDuckDb(async (connection, { DuckDBDataChunk, FLOAT, INTEGER, VARCHAR }) => {
      const typed = columns.map(({ name, values }) => ({
        name,
        values,
        type: values instanceof Int32Array ? INTEGER : values instanceof Float32Array ? FLOAT : VARCHAR,
      }))
      await connection.run(`CREATE TABLE written (${typed.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`)
      const appender = await connection.createAppender('written')
      for (let begin = 0; begin < rows; begin += CHUNK) {
        const end = Math.min(rows, begin + CHUNK)
        const chunk = DuckDBDataChunk.create(
          typed.map(({ type }) => type),
          end - begin,
        )
        for (const [c, { values }] of typed.entries()) chunk.setColumnValues(c, [...values.slice(begin, end)])
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
      await connection.run(`COPY written TO ${literal(temporary)} (${FORMATS[format]})`)
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
    const chunks = await result.fetchAllChunks()
    const rows = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0)
    return result.columnNames().map((name, c) => {
      const values = emptyColumn(types[c], rows)
      if (values === undefined)
        throw new UsageError(`${path}: the column ${name} is ${types[c]}, and predictions are INTEGER and FLOAT`)
      let begin = 0
      for (const chunk of chunks) {
        chunk.visitColumnValues(c, (value, row) => {
          values[begin + row] = typeof value === 'number' ? value : Number.NaN
        })
        begin += chunk.rowCount
      }
      return { name, values }
    })
  })
}

const emptyColumn = (type: string | undefined, rows: number): NumberColumn['values'] | undefined =>
  type === 'INTEGER' ? new Int32Array(rows) : type === 'FLOAT' ? new Float32Array(rows) : undefined
