import type { LoadHooks } from '../data/index.ts'
import { listRuns, type Run, readSummary } from '../runs/index.ts'
import { configHash, describe, type Experiment, type Grid, type GridCell } from '../train/index.ts'
import type { GridTable, Spread } from './protocol.ts'

/** A cell with one of its seeds, and what there is of it already. */
export interface GridRun {
  readonly cell: GridCell
  readonly seed: number
  readonly finished?: Run
  /** One that was interrupted, or failed for a reason outside of it, to go on with. */
  readonly begun?: Run
  /** One whose numbers stopped being finite, as they would again. */
  readonly diverged?: Run
}

/**
 * Everything that a grid is to train, and the newest runs of it that a folder of runs holds: they are known by what they depend on. That is
 * the data themselves, too, which are loaded where there are runs: a file may have other rows by now, and its description does not tell.
 */
export async function gridRuns({ cells }: Grid, root: string, hooks: LoadHooks = {}): Promise<GridRun[]> {
  const known = new Map<string, Run[]>()
  for (const run of (await listRuns(root)).runs) {
    const { configHash: hash } = run.manifest
    known.set(hash, [...(known.get(hash) ?? []), run])
  }
  const fingerprintOf = fingerprints(hooks)
  const found: GridRun[] = []
  for (const cell of cells)
    for (const seed of cell.experiment.seeds) {
      const alike = known.get(configHash(cell.experiment, seed)) ?? []
      const fingerprint = alike.length === 0 ? undefined : await fingerprintOf(cell.experiment)
      const runs = alike.filter(({ manifest }) => manifest.data.fingerprint.train === fingerprint)
      const finished = runs.find(({ manifest }) => manifest.status === 'finished')
      const diverged = runs.find(({ manifest }) => manifest.diverged === true)
      const begun = runs.find(({ manifest: { status } }) => status === 'interrupted' || status === 'failed')
      if (finished !== undefined) found.push({ cell, seed, finished })
      else if (diverged !== undefined) found.push({ cell, seed, diverged })
      else found.push({ cell, seed, ...(begun && { begun }) })
    }
  return found
}

/** Fingerprints of training data, each loaded once however many cells have them. */
function fingerprints(hooks: LoadHooks): (experiment: Experiment) => Promise<string> {
  const loaded = new Map<string, string>()
  return async (experiment) => {
    const description = JSON.stringify(describe(experiment).data)
    const fingerprint = loaded.get(description) ?? (await experiment.data.load(hooks)).train.fingerprint
    loaded.set(description, fingerprint)
    return fingerprint
  }
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
