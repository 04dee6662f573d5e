import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { literal } from '../../data/duckdb/connect.ts'
import { UsageError } from '../../errors.ts'
import { type Run, readMetrics } from '../read.ts'
import { replaceByTable, type Sources, type StoredView } from './view.ts'

/** The whole log of every run. DuckDB reads it; what it cannot read is judged by the store, which knows a torn last line from damage. */
export const metricsView: StoredView = {
  name: 'metrics',
  meaning: 'one row a record of a run’s log',
  columns: [
    { name: 'run', type: 'VARCHAR', meaning: 'id of the run' },
    { name: 'split', type: 'VARCHAR', meaning: '`train`, `validation`, `test`, or `weights`' },
    { name: 'metric', type: 'VARCHAR', meaning: '`loss`, `accuracy`, …; `batchLoss` of a single step' },
    { name: 'step', type: 'BIGINT', meaning: 'optimizer steps taken so far' },
    { name: 'epoch', type: 'DOUBLE', meaning: 'epochs finished so far, with fractions' },
    { name: 'value', type: 'DOUBLE', meaning: 'may be NaN or infinite' },
    { name: 'time', type: 'DOUBLE', meaning: 'seconds of training so far, pauses left out' },
  ],
  fill: async (sources) => {
    const { connection, runs, leaveOut } = sources
    await replaceByTable(connection, metricsView)
    const logged = runs.filter((run) => {
      const path = logOf(run)
      if (existsSync(path)) return true
      leaveOut({ folder: run.folder, reason: `${path} is not there: restore it` })
      return false
    })
    if (logged.length === 0) return
    try {
      await insert(sources, logged)
    } catch (error) {
      // A log that is not even lines of text.
      await connection.run('DELETE FROM metrics')
      const sound = await soundOf(sources, logged)
      if (sound.length === logged.length) throw error
      if (sound.length > 0) await insert(sources, sound)
    }
    const doubtful = await connection.runAndReadAll(
      `SELECT DISTINCT run FROM metrics WHERE step IS NULL OR epoch IS NULL OR split IS NULL OR metric IS NULL OR value IS NULL OR time IS NULL`,
    )
    const ids = new Set(doubtful.getRows().map(([id]) => id))
    const suspects = runs.filter(({ id }) => ids.has(id))
    const sound = await soundOf(sources, suspects)
    for (const run of suspects) {
      const torn = sound.includes(run) ? ' AND (step IS NULL OR value IS NULL OR time IS NULL)' : ''
      await connection.run(`DELETE FROM metrics WHERE run = ${literal(run.id)}${torn}`)
    }
  },
}

const logOf = ({ folder }: Run): string => join(folder, 'metrics.jsonl')

async function insert({ connection }: Sources, runs: readonly Run[]): Promise<void> {
  const paths = runs.map((run) => literal(logOf(run))).join(', ')
  const ids = runs.map(({ id }) => literal(id)).join(', ')
  await connection.run(`
    INSERT INTO metrics
    SELECT files.run, split, name, step, epoch, value, time
    FROM read_json([${paths}], format = 'newline_delimited', ignore_errors = true, filename = true, columns = {
      step: 'BIGINT', epoch: 'DOUBLE', split: 'VARCHAR', name: 'VARCHAR', value: 'DOUBLE', time: 'DOUBLE'
    }) AS lines
    JOIN (SELECT unnest([${paths}]) AS filename, unnest([${ids}]) AS run) AS files USING (filename)`)
}

/** Those of the runs whose logs the store can read; the others are left out with its reason. */
async function soundOf({ leaveOut }: Sources, runs: readonly Run[]): Promise<Run[]> {
  const sound: Run[] = []
  for (const run of runs)
    try {
      await readMetrics(run)
      sound.push(run)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      leaveOut({ folder: run.folder, reason: error.message })
    }
  return sound
}
