import type { DuckDBConnection, DuckDBExtractedStatements } from '@duckdb/node-api'
import type { DuckDB } from '../../data/duckdb/connect.ts'
import { UsageError } from '../../errors.ts'
import type { ViewName } from './view.ts'
import { views } from './views.ts'

/** What DuckDB says of a statement, with the place where it stumbled. */
export const complaintOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^Failed to extract statements: /, '').trim()

/**
 * Has DuckDB parse a statement and bind it to the views, which may be empty yet.
 *
 * @throws UsageError where it is not one statement that reads, or DuckDB does not understand it
 */
export async function requireRead(connection: DuckDBConnection, { StatementType }: DuckDB, sql: string): Promise<void> {
  const statements = await extract(connection, sql)
  if (statements.count > 1)
    throw new UsageError(
      `the query has ${statements.count} statements: give one (a PIVOT without IN is two: name its values, PIVOT … ON x IN (…))`,
    )
  const prepared = await statements.prepare(0).catch((error: unknown) => {
    throw new UsageError(complaintOf(error), { cause: error })
  })
  const { statementType } = prepared
  prepared.destroySync()
  if (statementType !== StatementType.SELECT)
    throw new UsageError(
      `the query is a ${StatementType[statementType]} statement, and runs are only read: give a SELECT, WITH, FROM, DESCRIBE or SUMMARIZE`,
    )
}

async function extract(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  // DuckDB has no message for a text without any statement.
  const isEmpty = sql.replace(/--.*|\/\*[\s\S]*?\*\/|[\s;]/g, '') === ''
  if (isEmpty) throw new UsageError('the query is empty: give one such as "FROM runs"')
  try {
    return await connection.extractStatements(sql)
  } catch (error) {
    throw new UsageError(complaintOf(error), { cause: error })
  }
}

/** Which of the views a statement reads from, straight or through another; all of them where its text does not tell. */
export async function viewsIn(connection: DuckDBConnection, sql: string): Promise<ViewName[]> {
  const names = views.map(({ name }) => name)
  const tables = new Set<string>()
  let isKnown = true
  await visitTree(connection, sql, (node) => {
    if ('table_name' in node) tables.add(String(node.table_name).toLowerCase())
    // `query('FROM runs')` and `query_table('runs')` hold names inside texts.
    if ('error' in node && node.error === true) isKnown = false
    if ('function_name' in node && /^query(_table)?$/i.test(String(node.function_name))) isKnown = false
  })
  return isKnown ? names.filter((name) => tables.has(name)) : names
}

/** Those of the columns that a condition names; all of them where it has queries inside, whose columns it need not name. */
export async function columnsIn<C extends { readonly name: string }>(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly C[],
): Promise<readonly C[]> {
  const named = new Set<string>()
  let queries = 0
  await visitTree(connection, sql, (node) => {
    if ('select_list' in node) queries++
    if ('column_names' in node && Array.isArray(node.column_names))
      for (const name of node.column_names) named.add(String(name).toLowerCase())
  })
  return queries > 1 ? columns : columns.filter(({ name }) => named.has(name.toLowerCase()))
}

/** Goes through what DuckDB has parsed a SELECT to. */
async function visitTree(connection: DuckDBConnection, sql: string, visit: (node: object) => void): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql])
  const into = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    visit(node)
    for (const child of Object.values(node)) into(child)
  }
  into(JSON.parse(String(reader.getRows()[0]?.[0])))
}
