import type { LoadHooks } from '../../data/index.ts'
import { meanOverSeeds } from '../../metrics/uncertainty/index.ts'
import { listRuns, type Run, readSummary } from '../../runs/index.ts'
import { configHash, dataKey, type Experiment, type GridCell } from '../../train/index.ts'
import type { GridTable, Plan, Result, Spread, Turn } from './protocol.ts'

/** Every cell with each of its seeds. Cells that come to the same experiment are trained once, by the first of them. */
export function allTurns(cells: readonly GridCell[]): Turn[] {
  const known = new Set<string>()
  const turns = everyTurn(cells).filter(({ hash }) => {
    const isNew = !known.has(hash)
    known.add(hash)
    return isNew
  })
  return turns.map(({ cell, seed }, index) => ({ cell, seed, index }))
}

const everyTurn = (cells: readonly GridCell[]) =>
  cells.flatMap(({ experiment }, cell) =>
    experiment.seeds.map((seed) => ({ cell, seed, hash: configHash(experiment, seed) })),
  )

/** Results of all cells: those that come to the same experiment share theirs. */
export function resultsOfAll(cells: readonly GridCell[], results: readonly Result[]): Result[] {
  const found = new Map<string, Result>()
  for (const result of results) {
    const experiment = cells[result.cell]?.experiment
    if (experiment !== undefined) found.set(configHash(experiment, result.seed), result)
  }
  return everyTurn(cells).flatMap(({ cell, seed, hash }) => {
    const result = found.get(hash)
    return result === undefined ? [] : [{ ...result, cell, seed }]
  })
}

/**
 * What of the cells is still to be trained, given the runs that a folder holds: those that have finished count, and so do those whose numbers
 * stopped being finite, as they would again; one that was interrupted, or failed for a reason outside of it, is gone on with. Runs are known by
 * what they depend on. That is the data themselves, too, which are loaded where there are runs: a file may have other rows by now, and its
 * description does not tell.
 */
export async function missingTurns(cells: readonly GridCell[], root: string, hooks: LoadHooks = {}): Promise<Plan> {
  const runsOf = new Map<string, Run[]>()
  for (const run of (await listRuns(root)).runs) {
    const { configHash: hash } = run.manifest
    runsOf.set(hash, [...(runsOf.get(hash) ?? []), run])
  }
  const fingerprintOf = fingerprints(hooks)
  const turns: Turn[] = []
  const known: Result[] = []
  for (const turn of allTurns(cells)) {
    const { cell, seed } = turn
    const experiment = cells[cell]?.experiment
    const alike = (experiment && runsOf.get(configHash(experiment, seed))) ?? []
    const fingerprint = experiment && alike.length > 0 ? await fingerprintOf(experiment) : undefined
    const runs = alike.filter(({ manifest: { data } }) => printOf(data.fingerprint) === fingerprint)
    const finished = runs.find(({ manifest }) => manifest.status === 'finished')
    const begun = runs.find(({ manifest: { status } }) => status === 'interrupted' || status === 'failed')
    if (finished !== undefined) known.push({ cell, seed, status: 'finished', run: placeOf(finished) })
    else if (runs.some(({ manifest }) => manifest.diverged === true)) known.push({ cell, seed, status: 'diverged' })
    else turns.push({ ...turn, ...(begun && { resume: begun.folder }) })
  }
  return { turns, known }
}

/** Of a run nothing else is kept: there may be many, and an execution holds weights and predictions. */
export const placeOf = ({ id, folder }: NonNullable<Result['run']>): NonNullable<Result['run']> => ({ id, folder })

/** Fingerprints of data, each loaded once however many cells have them. */
function fingerprints(hooks: LoadHooks): (experiment: Experiment) => Promise<string> {
  const loaded = new Map<string, string>()
  return async (experiment) => {
    const key = dataKey(experiment)
    const before = loaded.get(key)
    if (before !== undefined) return before
    const { train, test } = await experiment.data.load(hooks)
    const fingerprint = printOf({ train: train.fingerprint, test: test.fingerprint })
    loaded.set(key, fingerprint)
    return fingerprint
  }
}

/** What is tested on counts, too: scores on other samples are no other seeds' scores. */
const printOf = ({ train, test }: { readonly train: string; readonly test: string }): string => `${train} ${test}`

/** A row a cell: the last scores on the test split, and of regularised weights their sparsity, over the seeds. */
export async function resultTable(
  { name, axes, cells }: Pick<GridTable, 'name' | 'axes'> & { readonly cells: readonly GridCell[] },
  results: readonly Result[],
): Promise<GridTable> {
  const rows = cells.map(async ({ labels }, cell) => {
    const own = results.filter((result) => result.cell === cell).sort((one, other) => one.seed - other.seed)
    const runs = own.flatMap(({ run, status }) => (run === undefined || status !== 'finished' ? [] : [run]))
    const values = new Map<string, number[]>()
    for (const run of runs) {
      const { test = {}, weights = {} } = (await readSummary(run)) ?? {}
      const { sparsity } = weights
      for (const [metric, { last }] of Object.entries({ ...test, ...(sparsity && { sparsity }) }))
        values.set(metric, [...(values.get(metric) ?? []), last])
    }
    return {
      labels,
      runs: runs.map(({ id }) => id),
      diverged: own.filter(({ status }) => status === 'diverged').length,
      failed: own.filter(({ status }) => status === 'failed').length,
      scores: Object.fromEntries([...values].map(([metric, all]) => [metric, spread(all)])),
    }
  })
  return { name, axes, rows: await Promise.all(rows) }
}

/** Nothing can be said of seeds one of which has no number. */
function spread(values: readonly number[]): Spread {
  if (values.every(Number.isFinite)) {
    const { mean, sd, low, high } = meanOverSeeds(values)
    return { mean, sd, low, high }
  }
  return { mean: Number.NaN, sd: Number.NaN, low: Number.NaN, high: Number.NaN }
}
