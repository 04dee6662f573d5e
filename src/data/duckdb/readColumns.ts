import type { DuckDBConnection } from '@duckdb/node-api'
import type { LoadHooks } from '../dataset.ts'
import type { Column } from '../table/column.ts'
import { identifier } from './connect.ts'

/** How a column of DuckDB is read: as float64 (`type` is a number's), or as codes of an ENUM that is made for it. */
interface Plan {
  readonly name: string
  readonly type: Column['type']
  /** SQL of its numbers, none of which is NULL: DuckDB fills those in faster than they are looked for value by value. */
  readonly select: string
  readonly categories: readonly string[]
}

const INTEGERS = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/
/** Beyond float64's whole numbers; identifiers of that size must stay apart, so they are read as text. */
const WIDE = /^U?(BIG|HUGE)INT$/

export interface ReadColumnsOptions extends LoadHooks {
  /** Types that are known already, by name. */
  readonly known?: ReadonlyMap<string, Column['type']>
  /** For progress: `reading people.csv`. */
  readonly what?: string
}

/** Rows between two calls of `onProgress`. */
const PROGRESS_ROWS = 100_000

/**
 * The columns of a table, one after the other out of chunks, so that no row ever is an object. Numbers, truth values, dates and times
 * (in days) become float64; everything else becomes texts.
 */
export async function readColumns(
  connection: DuckDBConnection,
  table: string,
  { known = new Map(), what = `reading ${table}`, onProgress }: ReadColumnsOptions = {},
): Promise<Column[]> {
  const plans = await plan(connection, table, known)
  const [[count] = []] = await rowsOf(connection, `SELECT count(*)::DOUBLE FROM ${identifier(table)}`)
  const total = Number(count)
  const columns = plans.map(
    ({ name, type, categories }): Column =>
      type === 'text'
        ? { name, type, categories, codes: new Int32Array(total) }
        : { name, type, values: new Float64Array(total) },
  )
  const result = await connection.stream(
    `SELECT ${plans.map(({ select }) => select).join(', ')} FROM ${identifier(table)}`,
  )
  for (let at = 0, told = 0; ; ) {
    const chunk = await result.fetchChunk()
    // Asked for once: every time it is a call into DuckDB.
    const rows = chunk?.rowCount ?? 0
    if (chunk === null || rows === 0) return columns
    for (const [c, column] of columns.entries()) {
      const vector = chunk.getColumnVector(c)
      const into = column.type === 'text' ? column.codes : column.values
      for (let i = 0; i < rows; i++) into[at + i] = Number(vector.getItem(i))
    }
    at += rows
    if (at - told < PROGRESS_ROWS) continue
    told = at
    onProgress?.({ what, unit: 'rows', done: at, total })
  }
}

async function plan(
  connection: DuckDBConnection,
  table: string,
  known: ReadonlyMap<string, Column['type']>,
): Promise<Plan[]> {
  const described = await connection.run(`SELECT * FROM ${identifier(table)} LIMIT 0`)
  const types = described.columnTypes().map(String)
  const plans: Plan[] = []
  for (const [c, name] of described.columnNames().entries()) {
    const at = identifier(name)
    const stored = types[c] ?? ''
    const type = known.get(name) ?? (await typeOf(connection, table, at, stored))
    if (type !== 'text') {
      const number = /^(DATE|TIME|INTERVAL)/.test(stored) ? `epoch(${at}) / 86400.0` : `${at}::DOUBLE`
      plans.push({ name, type, select: `coalesce(${number}, 'NaN'::DOUBLE)`, categories: [] })
      continue
    }
    const made = identifier(`categories of ${c}`)
    await connection.run(
      `CREATE TYPE ${made} AS ENUM (SELECT DISTINCT ${at}::VARCHAR FROM ${identifier(table)} WHERE ${at} IS NOT NULL ORDER BY 1)`,
    )
    const [[range] = []] = await rowsOf(connection, `SELECT enum_range(NULL::${made})`)
    const categories = Array.isArray(range) ? range.map(String) : []
    plans.push({ name, type, select: `coalesce(enum_code(${at}::VARCHAR::${made})::INTEGER, -1)`, categories })
  }
  return plans
}

async function typeOf(connection: DuckDBConnection, table: string, at: string, type: string): Promise<Column['type']> {
  if (type === 'BOOLEAN') return 'boolean'
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'date'
  if (/^(FLOAT|DOUBLE|DECIMAL|TIME|INTERVAL)/.test(type)) return 'number'
  if (!INTEGERS.test(type)) return 'text'
  if (!WIDE.test(type)) return 'integer'
  const [[widest] = []] = await rowsOf(
    connection,
    `SELECT greatest(max(${at}), -min(${at}::HUGEINT))::DOUBLE FROM ${identifier(table)}`,
  )
  return Number(widest) <= Number.MAX_SAFE_INTEGER ? 'integer' : 'text'
}

/** A small result, as JavaScript's values. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  const result = await connection.run(sql)
  return result.getRowsJS()
}
