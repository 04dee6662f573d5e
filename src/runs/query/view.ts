import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier } from '../../data/duckdb/connect.ts'
import type { Damaged, Run } from '../read.ts'

/** The names that a query may read from. */
export type ViewName = 'runs' | 'summary' | 'seeds' | 'metrics' | 'predictions'

type ColumnType = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'JSON'

/** A column of a view, in DuckDB's types, and what it says. */
export interface Column {
  readonly name: string
  readonly type: ColumnType | `${ColumnType}[]`
  readonly meaning: string
}

/** What a query may read from, as its users know it. */
export interface View {
  readonly name: ViewName
  /** What a row is. */
  readonly meaning: string
  readonly columns: readonly Column[]
}

/** What views are made from. */
export interface Sources {
  readonly connection: DuckDBConnection
  readonly runs: readonly Run[]
  /** Tells of what could not be read; the rest answers without it. */
  leaveOut(found: Damaged): void
}

/** A view, and how it comes to its rows: nothing is read before a query names it. */
export interface StoredView extends View {
  /**
   * Puts a table, or a view over files, in the place of the view without rows that bears the name.
   *
   * @param needed - columns that are asked for: the others may stay NULL; default all
   */
  fill(sources: Sources, needed?: readonly string[]): Promise<void>
  /** Fills it anew where a query came upon a file that is damaged inside; false where there was none to leave out. */
  mend?(sources: Sources): Promise<boolean>
}

/** SQL of a view without rows: enough to understand a statement by. */
export const emptySql = ({ columns }: View): string =>
  `SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`).join(', ')} WHERE false`

/** Rows that go into a table at a time. */
const BATCH = 1000

/** A row by the names of its columns, as JSON lets it be: see `number.ts` for NaN and the infinities; what is absent is NULL. */
export type JsonRow = Readonly<Record<string, unknown>>

/** Appends rows to a table, which is made where it is not there. */
export async function fillTable(
  connection: DuckDBConnection,
  { name, columns }: { readonly name: string; readonly columns: readonly Column[] },
  rows: readonly JsonRow[],
): Promise<void> {
  const declared = columns.map((column) => `${identifier(column.name)} ${column.type}`)
  await connection.run(`CREATE TABLE IF NOT EXISTS ${identifier(name)} (${declared.join(', ')})`)
  const shape = JSON.stringify([Object.fromEntries(columns.map((column) => [column.name, column.type]))])
  const insert = `INSERT INTO ${identifier(name)} SELECT row.* FROM (SELECT unnest(from_json($1, $2)) AS row)`
  for (let i = 0; i < rows.length; i += BATCH)
    await connection.run(insert, [JSON.stringify(rows.slice(i, i + BATCH)), shape])
}

/** Puts a table in the place of a view without rows. */
export async function replaceByTable(
  connection: DuckDBConnection,
  view: View,
  rows: readonly JsonRow[] = [],
): Promise<void> {
  await connection.run(`DROP VIEW ${identifier(view.name)}`)
  await fillTable(connection, view, rows)
}
