import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { LoadHooks } from '../dataset.ts'
import { Table } from '../table/table.ts'
import { literal, reasonOf, withDuckDb } from './connect.ts'
import { requireFile } from './openText.ts'
import { readColumns } from './readColumns.ts'
import { register } from './register.ts'

/**
 * Reads a Parquet file as a {@link Table}.
 *
 * @throws UsageError when there is no such file, it is no Parquet file, or holds no rows
 *
 * @example
 * const table = await readParquet('people.parquet')
 */
export const readParquet = (path: string, hooks: LoadHooks = {}): Promise<Table> =>
  readFile(path, `read_parquet(${literal(path)})`, hooks)

/**
 * Reads a JSON file as a {@link Table}: a list of objects, or an object a line. What is nested becomes text.
 *
 * @throws UsageError when there is no such file, it is not JSON, or holds no rows
 *
 * @example
 * const table = await readJson('people.ndjson')
 */
export const readJson = (path: string, hooks: LoadHooks = {}): Promise<Table> =>
  readFile(path, `read_json(${literal(path)}, sample_size = -1)`, hooks)

/**
 * The result of an SQL query (DuckDB's) as a {@link Table}. The query can name files (`'people.parquet'`) and the tables that are given.
 * Say ORDER BY where the order of rows matters: without it, joins and groups have one, but not one that is promised.
 *
 * @param tables by the names that they have in the query
 * @throws UsageError with DuckDB's complaint
 *
 * @example
 * const joined = await querySql('SELECT * FROM people JOIN cities USING (city) ORDER BY id', { people, cities })
 */
export function querySql(
  query: string,
  tables: Readonly<Record<string, Table>> = {},
  hooks: LoadHooks = {},
): Promise<Table> {
  // One thread: with more, rows that nobody has ordered come in another order each time.
  return withDuckDb(async (connection, duckdb) => {
    for (const [name, table] of Object.entries(tables)) await register(connection, duckdb, name, table)
    const text = query.trim().replace(/;$/, '')
    await connection.run(`CREATE TABLE "result of the query" AS ${text}`).catch((error: unknown) => {
      throw new UsageError(`the query cannot be run (${reasonOf(error)}): mend ${shortened(text)}`)
    })
    const columns = await readColumns(connection, 'result of the query', { what: 'reading the result', ...hooks })
    return new Table('query', columns)
  })
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

async function readFile(path: string, from: string, hooks: LoadHooks): Promise<Table> {
  await requireFile(path)
  const threads = Math.min(4, availableParallelism())
  return withDuckDb(
    async (connection) => {
      await connection.run(`CREATE TABLE loaded AS SELECT * FROM ${from}`).catch((error: unknown) => {
        throw new UsageError(`${path} cannot be read (${reasonOf(error)}): give another file`)
      })
      const columns = await readColumns(connection, 'loaded', { what: `reading ${basename(path)}`, ...hooks })
      const table = new Table(basename(path), columns)
      if (table.length === 0) throw new UsageError(`${path} has no row: give at least one`)
      return table
    },
    { threads },
  )
}
