import { withDuckDb } from '../../data/duckdb/connect.ts'
import { UsageError } from '../../errors.ts'
import { encodeNumber } from '../number.ts'
import type { Run, SummarizedRun } from '../read.ts'
import { runColumns, runRow } from './runsView.ts'
import { complaintOf, requireRead } from './statement.ts'
import { type Column, fillTable } from './view.ts'

/** The last scores of a run by the names that a condition has for them: `accuracy` on the test split, `validation_accuracy`, … */
function scoresOf({ summary = {} }: SummarizedRun): Map<string, number> {
  const splits = Object.entries(summary)
  const named = splits.flatMap(([split, metrics]) =>
    Object.entries(metrics).map(
      ([metric, { last }]) => [split === 'test' ? metric : `${split}_${metric}`, last] as const,
    ),
  )
  return new Map(named)
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
  const scores = runs.map(scoresOf)
  // DuckDB's names do not tell capitals from small letters; a setting goes before a score of its name.
  const taken = new Set(runColumns.map(({ name }) => name.toLowerCase()))
  const columns: Column[] = [...runColumns]
  for (const name of new Set(scores.flatMap((own) => [...own.keys()]))) {
    if (taken.has(name.toLowerCase())) continue
    taken.add(name.toLowerCase())
    columns.push({ name, type: 'DOUBLE', meaning: 'last value' })
  }
  const rows = runs.map(({ run }, i) => ({
    ...Object.fromEntries([...(scores[i] ?? [])].map(([name, value]) => [name, encodeNumber(value)])),
    ...runRow(run),
  }))
  const sql = `SELECT id FROM runs WHERE (${condition}\n)`
  return withDuckDb(async (connection, duckdb) => {
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    try {
      await fillTable(connection, { name: 'runs', columns }, [])
      await requireRead(connection, duckdb, sql)
      await fillTable(connection, { name: 'runs', columns }, rows)
      const ids = new Set((await connection.runAndReadAll(sql)).getRows().map(([id]) => id))
      return runs.flatMap(({ run }) => (ids.has(run.id) ? [run] : []))
    } catch (error) {
      throw new UsageError(`--where: ${complaintOf(error)}`, { cause: error })
    }
  })
}
