import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { UsageError } from '../errors.ts'

/** What a classifier said about n examples of k classes. */
export interface Predictions {
  /** Position of each example in its split, [n]. */
  readonly index: Int32Array
  /** True class of each, [n]. */
  readonly label: Int32Array
  /** Predicted class of each, [n]. */
  readonly predicted: Int32Array
  /** Probability of each class, [n, k] row-major. */
  readonly probabilities: Float32Array
  readonly classCount: number
}

/** Rows that DuckDB keeps in one chunk. */
const CHUNK = 2048
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`

type DuckDB = typeof import('@duckdb/node-api')

async function withDuckDb<T>(use: (connection: DuckDBConnection, duckdb: DuckDB) => Promise<T>): Promise<T> {
  // Loaded here because it takes a tenth of a second, which commands that only list runs should not pay.
  const duckdb = await import('@duckdb/node-api')
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    return await use(connection, duckdb)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * Writes predictions as Parquet: columns `index`, `label`, `predicted` (integers) and `p0` … `p{k-1}` (floats).
 * The file is written under a temporary name, synced and renamed.
 *
 * @param path - usually `predictions.parquet` in a run's folder
 * @throws UsageError when the arrays do not have the same number of examples, or there is no class
 *
 * @example
 * await writePredictions(join(run.folder, 'predictions.parquet'), predictions)
 */
export async function writePredictions(path: string, predictions: Predictions): Promise<void> {
  const { index, label, predicted, probabilities, classCount } = predictions
  const n = index.length
  if (!Number.isInteger(classCount) || classCount < 1) {
    throw new UsageError(`predictions.classCount is ${classCount}: give a whole number of at least 1`)
  }
  const lengths = { label: label.length, predicted: predicted.length, probabilities: probabilities.length / classCount }
  for (const [name, length] of Object.entries(lengths)) {
    if (length !== n)
      throw new UsageError(`predictions.${name} has ${length} examples and index has ${n}: give the same number`)
  }
  const columns = ['index', 'label', 'predicted'].map((name) => `"${name}" INTEGER`)
  for (let c = 0; c < classCount; c++) columns.push(`p${c} FLOAT`)
  const temporary = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await withDuckDb(async (connection, { DuckDBDataChunk, FLOAT, INTEGER }) => {
      const types: DuckDBType[] = [INTEGER, INTEGER, INTEGER, ...Array<DuckDBType>(classCount).fill(FLOAT)]
      await connection.run(`CREATE TABLE predictions (${columns.join(', ')})`)
      const appender = await connection.createAppender('predictions')
      for (let begin = 0; begin < n; begin += CHUNK) {
        const end = Math.min(n, begin + CHUNK)
        const chunk = DuckDBDataChunk.create(types, end - begin)
        for (const [c, column] of [index, label, predicted].entries()) {
          chunk.setColumnValues(c, [...column.subarray(begin, end)])
        }
        for (let c = 0; c < classCount; c++) {
          const values = Array.from({ length: end - begin }, (_, i) => probabilities[(begin + i) * classCount + c] ?? 0)
          chunk.setColumnValues(3 + c, values)
        }
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
      await connection.run(`COPY predictions TO ${quoted(temporary)} (FORMAT PARQUET, COMPRESSION ZSTD)`)
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
 * Reads what {@link writePredictions} wrote, in its order.
 *
 * @throws UsageError when the file is missing or its columns are others
 *
 * @example
 * const { label, predicted } = await readPredictions(join(run.folder, 'predictions.parquet'))
 */
export function readPredictions(path: string): Promise<Predictions> {
  return withDuckDb(async (connection) => {
    const result = await connection.run(`SELECT * FROM read_parquet(${quoted(path)})`).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
      throw new UsageError(`${path} cannot be read as predictions (${reason}): test the model again to write it anew`)
    })
    const names = result.columnNames()
    const classCount = names.length - 3
    const expected = ['index', 'label', 'predicted', ...Array.from({ length: classCount }, (_, c) => `p${c}`)]
    const typesFit = result.columnTypes().every((type, c) => String(type) === (c < 3 ? 'INTEGER' : 'FLOAT'))
    if (names.join() !== expected.join() || classCount < 1 || !typesFit) {
      throw new UsageError(
        `${path} has columns ${names.join(', ')}: predictions have index, label, predicted, p0, p1, …`,
      )
    }
    const columns = await result.getColumns()
    const integers = (c: number): Int32Array => Int32Array.from(columns[c] ?? [], numeric)
    const index = integers(0)
    const probabilities = new Float32Array(index.length * classCount)
    for (let c = 0; c < classCount; c++) {
      for (const [i, value] of (columns[3 + c] ?? []).entries()) probabilities[i * classCount + c] = numeric(value)
    }
    return { index, label: integers(1), predicted: integers(2), probabilities, classCount }
  })
}

const numeric = (value: DuckDBValue): number => (typeof value === 'number' ? value : Number.NaN)
