import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type DuckDB, literal } from '../../data/duckdb/connect.ts'
import { ResultKind } from '../../display.ts'
import { UsageError } from '../../errors.ts'
import { type Damaged, listRuns } from '../read.ts'
import { type Cell, cellOf } from './cells.ts'
import { complaintOf, requireRead, viewsIn } from './statement.ts'
import { fill, mended, withViews } from './views.ts'

/** What a query came to. */
export interface Answer {
  /** With DuckDB's types: `VARCHAR`, `DOUBLE`, … */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Cell[])[]
  /** Number of rows, those beyond the limit included. */
  readonly rowCount: number
  /** Runs that were read, whatever the query made of them; absent where it names no view. */
  readonly runCount?: number
  /** Runs, or files of them, that could not be read; the answer is without them. */
  readonly leftOut: readonly Damaged[]
}

export const answerKind = new ResultKind<Answer>()

/**
 * Asks a folder of runs in SQL (DuckDB's): see {@link views} for what there is to read from. Only what the query names is read.
 *
 * @param root - folder of runs
 * @param sql - one statement that reads: SELECT, WITH, FROM, DESCRIBE, SUMMARIZE
 * @param options.limit - rows to hand out at most; default all
 * @throws UsageError where the statement does more than read, DuckDB does not understand it, or it asks of a folder that is not there
 *
 * @example
 * const { rows } = await queryRuns('runs', "SELECT run, last FROM summary WHERE split = 'test' AND metric = 'accuracy'")
 */
export function queryRuns(root: string, sql: string, { limit }: { readonly limit?: number } = {}): Promise<Answer> {
  return withViews(async (connection, duckdb) => {
    // Nobody's files but the runs' can be read, and nothing can be changed but this database in memory, which ends with the query.
    await connection.run(`SET allowed_directories = [${literal(resolve(root))}]`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    await requireRead(connection, duckdb, sql)
    const named = await viewsIn(connection, sql)
    if (named.length > 0 && !existsSync(root))
      throw new UsageError(`there is no folder ${root}: give the folder of the runs, or start one with assay run`)
    const list = named.length === 0 ? { runs: [], damaged: [] } : await listRuns(root)
    const leftOut: Damaged[] = [...list.damaged]
    const leaveOut = (found: Damaged): void => {
      if (leftOut.every(({ folder, reason }) => folder !== found.folder || reason !== found.reason)) leftOut.push(found)
    }
    const sources = { connection, runs: list.runs, leaveOut }
    await fill(sources, named)
    const answer = await mended(sources, named, () => ask(connection, duckdb, sql, limit)).catch((error: unknown) => {
      throw new UsageError(complaintOf(error), { cause: error })
    })
    return answerKind.mark({ ...answer, ...(named.length > 0 && { runCount: list.runs.length }), leftOut })
  })
}

async function ask(
  connection: DuckDBConnection,
  duckdb: DuckDB,
  sql: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<Omit<Answer, 'leftOut' | 'runCount'>> {
  const result = await connection.stream(sql)
  const types = result.columnTypes().map((type) => type.alias ?? String(type))
  const columns = result.deduplicatedColumnNames().map((name, c) => ({ name, type: types[c] ?? '' }))
  const rows: Cell[][] = []
  let rowCount = 0
  for await (const chunk of result) {
    rowCount += chunk.rowCount
    if (rows.length >= limit) continue
    const some = chunk.getRows().slice(0, limit - rows.length)
    rows.push(...some.map((row) => row.map((value) => cellOf(value, duckdb))))
  }
  return { columns, rows, rowCount }
}
