import { withDuckDb } from '../../data/duckdb/connect.ts'
import { UsageError } from '../../errors.ts'
import { encodeNumber } from '../number.ts'
import type { Run, SummarizedRun } from '../read.ts'
import { type RunColumn, runColumns, runRow } from './runsView.ts'
import { columnsIn, complaintOf, requireRead } from './statement.ts'
import { fillTable } from './view.ts'

/** The last scores of the runs by the names that a condition has for them: `accuracy` on the test split, `validation_accuracy`, … */
function scoreColumns(runs: readonly SummarizedRun[]): RunColumn[] {
  const scores = new Map<string, Map<Run, number>>()
  for (const { run, summary = {} } of runs)
    for (const [split, metrics] of Object.entries(summary))
      for (const [metric, { last }] of Object.entries(metrics)) {
        const name = split === 'test' ? metric : `${split}_${metric}`
        const values = scores.get(name) ?? new Map<Run, number>()
        scores.set(name, values.set(run, last))
      }
  // DuckDB's names do not tell capitals from small letters; a setting goes before a score of its name.
  const taken = new Set(runColumns.map(({ name }) => name.toLowerCase()))
  return [...scores].flatMap(([name, values]): RunColumn[] => {
    if (taken.has(name.toLowerCase())) return []
    taken.add(name.toLowerCase())
    const of = (run: Run): unknown => {
      const value = values.get(run)
      return value === undefined ? undefined : encodeNumber(value)
    }
    return [{ name, type: 'DOUBLE', meaning: 'last value', of }]
  })
}

/**
 * Those of the runs for which a condition holds, in their order.
 *
 * @param runs - with their summaries, as `summariesOf` gives them
 * @param condition - in SQL, over the columns of the view `runs` and the last scores: `accuracy` is that on the test split,
 * `validation_accuracy` that on another; a run without a score has NULL
 * @throws UsageError where DuckDB does not understand it
 *
 * @example
 * const good = await runsWhere(summaries, 'lr < 0.01 AND accuracy > 0.9')
 */
export async function runsWhere(runs: readonly SummarizedRun[], condition: string): Promise<Run[]> {
  const columns = [...runColumns, ...scoreColumns(runs)]
  const sql = `SELECT id FROM runs WHERE (${condition}\n)`
  return withDuckDb(async (connection, duckdb) => {
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    try {
      await fillTable(connection, { name: 'runs', columns }, [])
      await requireRead(connection, duckdb, sql)
      const needed = await columnsIn(connection, sql, columns)
      await fillTable(
        connection,
        { name: 'runs', columns },
        runs.map(({ run }) => runRow(run, needed)),
      )
      const ids = new Set((await connection.runAndReadAll(sql)).getRows().map(([id]) => id))
      return runs.flatMap(({ run }) => (ids.has(run.id) ? [run] : []))
    } catch (error) {
      throw new UsageError(`--where: ${complaintOf(error)}`, { cause: error })
    }
  })
}
