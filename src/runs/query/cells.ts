import type { DuckDBValue } from '@duckdb/node-api'
import type { DuckDB } from '../../data/duckdb/connect.ts'

/** A value of an answer. Numbers are real ones, NaN and the infinities included; times and what else is no number are texts as SQL writes them. */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [name: string]: Cell }

/** A value of DuckDB as plain data; whole numbers beyond 2⁵³ become texts. */
export function cellOf(value: DuckDBValue, duckdb: DuckDB): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof duckdb.DuckDBDecimalValue) return value.toDouble()
  if (value instanceof duckdb.DuckDBListValue) return value.items.map((item) => cellOf(item, duckdb))
  if (value instanceof duckdb.DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, one]) => [name, cellOf(one, duckdb)]))
  return String(value)
}
