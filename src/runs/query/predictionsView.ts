import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { identifier, literal, reasonOf } from '../../data/duckdb/connect.ts'
import type { Run } from '../read.ts'
import { emptySql, type Sources, type StoredView } from './view.ts'

/** What networks said of every sample of their test splits. DuckDB reads of the files what a query asks for, and no more. */
export const predictionsView: StoredView = {
  name: 'predictions',
  meaning: 'one row a sample of a finished run’s test split',
  columns: [
    { name: 'run', type: 'VARCHAR', meaning: 'id of the run' },
    { name: 'index', type: 'INTEGER', meaning: 'position in the test split, from 0' },
    { name: 'label', type: 'INTEGER', meaning: 'true class, from 0; NULL in a regression' },
    { name: 'predicted', type: 'INTEGER', meaning: 'predicted class; NULL in a regression' },
    { name: 'confidence', type: 'FLOAT', meaning: 'probability of the predicted class' },
    { name: 'p', type: 'FLOAT[]', meaning: 'probability of each class: `p[label + 1]` is that of the true one' },
    { name: 'target', type: 'FLOAT[]', meaning: 'true values of a regression: `target[1]` is the first' },
    { name: 'output', type: 'FLOAT[]', meaning: 'predicted values of a regression' },
  ],
  fill: async (sources) => {
    const runs = sources.runs.filter((run) => existsSync(fileOf(run)))
    try {
      await define(sources, runs)
    } catch {
      await define(sources, await soundOf(sources, runs))
    }
  },
  mend: async (sources) => {
    const runs = sources.runs.filter((run) => existsSync(fileOf(run)))
    const sound = await soundOf(sources, runs)
    await define(sources, sound)
    return sound.length < runs.length
  },
}

const fileOf = ({ folder }: Run): string => join(folder, 'predictions.parquet')

/** Makes the view over the files, one part for each set of columns that they have. */
async function define({ connection }: Sources, runs: readonly Run[]): Promise<void> {
  const parts: string[] = []
  for (const [columns, some] of await byColumns({ connection, runs })) parts.push(partOf(columns.split(','), some))
  const sql = parts.length === 0 ? emptySql(predictionsView) : parts.join(' UNION ALL ')
  await connection.run(`CREATE OR REPLACE VIEW predictions AS ${sql}`)
}

/** The runs by the columns of their files, with commas between. */
async function byColumns({ connection, runs }: Pick<Sources, 'connection' | 'runs'>): Promise<Map<string, Run[]>> {
  const sets = new Map<string, Run[]>()
  if (runs.length === 0) return sets
  const found = await connection.runAndReadAll(
    `SELECT file_name, string_agg(name, ',') FROM parquet_schema([${filesOf(runs)}]) WHERE type IS NOT NULL GROUP BY file_name`,
  )
  const columnsOf = new Map(found.getRows().map(([file, names]) => [String(file), String(names)]))
  for (const run of runs) {
    const columns = columnsOf.get(fileOf(run)) ?? ''
    sets.set(columns, [...(sets.get(columns) ?? []), run])
  }
  return sets
}

const filesOf = (runs: readonly Run[]): string => runs.map((run) => literal(fileOf(run))).join(', ')

function partOf(columns: readonly string[], runs: readonly Run[]): string {
  /** `name0`, `name1`, … as one list, by their numbers; NULL where there are none. */
  const list = (name: string): string => {
    const own = columns.filter((column) => new RegExp(`^${name}\\d+$`).test(column))
    const inOrder = own.toSorted((a, b) => Number(a.slice(name.length)) - Number(b.slice(name.length)))
    return own.length === 0 ? 'NULL::FLOAT[]' : `[${inOrder.map(identifier).join(', ')}]`
  }
  const whole = (name: string): string => (columns.includes(name) ? identifier(name) : 'NULL::INTEGER')
  const p = list('p')
  const confidence = columns.includes('predicted') ? `${p}[predicted + 1]` : 'NULL::FLOAT'
  return `
    SELECT files.run, "index", ${whole('label')} AS label, ${whole('predicted')} AS predicted, ${confidence} AS confidence,
      ${p} AS p, ${list('target')} AS target, ${list('output')} AS output
    FROM read_parquet([${filesOf(runs)}], filename = true) AS rows
    JOIN (
      SELECT unnest([${filesOf(runs)}]) AS filename, unnest([${runs.map(({ id }) => literal(id)).join(', ')}]) AS run
    ) AS files USING (filename)`
}

/** Those of the runs whose files can be read to their ends; the others are left out with DuckDB's reason. */
async function soundOf({ connection, leaveOut }: Sources, runs: readonly Run[]): Promise<Run[]> {
  const sound: Run[] = []
  for (const run of runs)
    try {
      // Counting would be answered from the file’s last page alone.
      await connection.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${literal(fileOf(run))})`)
      sound.push(run)
    } catch (error) {
      leaveOut({ folder: run.folder, reason: `${fileOf(run)} is damaged (${reasonOf(error)}): test the model again` })
    }
  return sound
}
