import { listRuns, type Run, readSummary } from '../runs/index.ts'
import { configHash, type Grid, type GridCell } from '../train/index.ts'
import type { GridTable, Spread } from './protocol.ts'

/** A cell with one of its seeds, and what there is of it already. */
export interface GridRun {
  readonly cell: GridCell
  readonly seed: number
  readonly finished?: Run
  /** One that was interrupted, to go on with. */
  readonly begun?: Run
}

/** Everything that a grid is to train, and the newest runs of it that a folder of runs holds: they are known by what they depend on. */
export async function gridRuns({ cells }: Grid, root: string): Promise<GridRun[]> {
  const known = new Map<string, Run[]>()
  for (const run of (await listRuns(root)).runs) {
    const { configHash: hash } = run.manifest
    known.set(hash, [...(known.get(hash) ?? []), run])
  }
  return cells.flatMap((cell) =>
    cell.experiment.seeds.map((seed) => {
      const runs = known.get(configHash(cell.experiment, seed)) ?? []
      const finished = runs.find(({ manifest }) => manifest.status === 'finished')
      const begun = runs.find(({ manifest }) => manifest.status === 'interrupted')
      return { cell, seed, ...(finished && { finished }), ...(begun && !finished && { begun }) }
    }),
  )
}

/** What came of one cell with one seed. */
export interface GridResult {
  readonly cell: GridCell
  /** Absent where the training diverged. */
  readonly run?: Pick<Run, 'id' | 'folder'>
}

/** A row a cell: the last scores on the test split, and of regularised weights their sparsity, over the seeds. */
export async function gridTable({ name, axes, cells }: Grid, results: readonly GridResult[]): Promise<GridTable> {
  const rows = cells.map(async (cell) => {
    const own = results.filter((result) => result.cell === cell)
    const runs = own.flatMap(({ run }) => (run === undefined ? [] : [run]))
    const values = new Map<string, number[]>()
    for (const run of runs) {
      const { test = {}, weights = {} } = (await readSummary(run)) ?? {}
      const { sparsity } = weights
      for (const [metric, { last }] of Object.entries({ ...test, ...(sparsity && { sparsity }) }))
        values.set(metric, [...(values.get(metric) ?? []), last])
    }
    return {
      labels: cell.labels,
      runs: runs.map(({ id }) => id),
      diverged: own.length - runs.length,
      scores: Object.fromEntries([...values].map(([metric, all]) => [metric, spread(all)])),
    }
  })
  return { name, axes, rows: await Promise.all(rows) }
}

function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1)) }
}
