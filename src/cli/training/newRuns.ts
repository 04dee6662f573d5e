import { UsageError } from '../../errors.ts'
import { groupRuns, openRun } from '../../runs/index.ts'
import { setDefaultThreads } from '../../runtime/index.ts'
import {
  checkAsserts,
  DivergedError,
  dataKey,
  describe,
  type Experiment,
  type Prepared,
  type PreparedData,
  prepareData,
  prepareNetwork,
} from '../../train/index.ts'
import { loadExperiments } from '../loadExperiment.ts'
import { settledCells } from './cells.ts'
import { allTurns, missingTurns, placeOf, resultsOfAll, resultTable } from './plan.ts'
import type { CellAssertion, CellResults, GridTable, Job, NewRuns, Result } from './protocol.ts'
import { scoresOf } from './scores.ts'
import { trainSeed } from './trainSeed.ts'
import { wishesOf } from './wishes.ts'
import { checkStopped, loadTeller, type Surroundings, stackOf, unlessStopped, type Work } from './work.ts'

/** Runs whose page takes a while. */
const MANY = 8

/** Trains an experiment with each of its seeds, or all cells of a grid. */
export async function newRuns(job: Job & NewRuns, around: Surroundings): Promise<Work> {
  const { post } = around
  const loaded = await loadExperiments(job.file)
  const { grid, cells } = settledCells(loaded, job)
  const prepared = preparedOf(around)
  const title = ({ labels, experiment }: (typeof cells)[number]): string =>
    grid === undefined ? experiment.name : `${grid.name}: ${Object.values(labels).join(', ')}`
  return {
    plan: () =>
      unlessStopped(
        (async () => {
          const isRepeated = job.repeats ?? grid === undefined
          const plan = isRepeated
            ? { turns: allTurns(cells), known: [] }
            : await missingTurns(cells, job.root, { onProgress: loadTeller(around) })
          // A mistake in the last cell is told of before the first is trained.
          const wanted = new Set(plan.turns.map(({ cell }) => cell))
          await checkAll(
            cells.filter((_, i) => wanted.has(i)).map(({ experiment }) => experiment),
            prepared,
            around,
          )
          return plan
        })(),
      ),
    train: ({ turn, turns, threads }) =>
      unlessStopped(
        (async (): Promise<Result | undefined> => {
          const { cell: place, seed, index } = turn
          const cell = cells[place]
          if (cell === undefined) throw new Error(`there is no cell ${place}`)
          const resume = turn.resume === undefined ? undefined : await openRun(job.root, turn.resume)
          setDefaultThreads(resume === undefined ? threads : resume.manifest.machine.threads)
          const { experiment, labels, overrides } = cell
          const data = await prepared(experiment)
          const named = turns > 1 ? { title: title(cell) } : {}
          try {
            const execution = await trainSeed(experiment, data, { seed, turn: index + 1, turns, ...named }, around, {
              root: job.root,
              file: job.file,
              overrides: overrides.map(([path, value]) => [path, value]),
              ...wishesOf(job, around),
              ...(grid && { grid: { name: grid.name, labels } }),
              ...(resume && { resume }),
            })
            return { cell: place, seed, status: execution.status, run: placeOf(execution) }
          } catch (error) {
            // Of many, one that diverges or fails does not end the others.
            if (turns === 1 || error instanceof UsageError || !(error instanceof Error)) throw error
            const isDiverged = error instanceof DivergedError
            const text = isDiverged ? error.message : stackOf(error)
            post({ type: 'note', text: `${title(cell)}, seed ${seed}: ${text}` })
            return { cell: place, seed, status: isDiverged ? 'diverged' : 'failed' }
          }
        })(),
      ),
    conclude: async (trained) => {
      const results = resultsOfAll(cells, trained)
      const byCell = cells.map(
        ({ experiment: { name }, labels }, place): CellResults => ({
          name,
          labels,
          results: results.filter(({ cell }) => cell === place),
        }),
      )
      if (job.tellsAll === false) return byCell
      if (grid !== undefined || results.length > 1) {
        const { name, axes } = grid ?? { name: cells[0]?.experiment.name ?? '', axes: [] }
        const table = await resultTable({ name, axes, cells }, results)
        if (results.length >= MANY) post({ type: 'note', text: `writing the page on ${results.length} runs …` })
        const report = await reportOn(job.root, table)
        post({ type: 'grid', table, ...(report !== undefined && { report }) })
      }
      const assertions = await Promise.all(
        cells.map(async (cell, place): Promise<CellAssertion[]> => {
          const { experiment, overrides } = cell
          const tests = await scoresOf(byCell[place]?.results ?? [])
          // Fewer epochs, or another learning rate, are not what was promised.
          if (overrides.length > 0 || tests.length < experiment.seeds.length) return []
          const found = checkAsserts(experiment.asserts, tests)
          return grid === undefined
            ? found
            : found.map((one) => ({ ...one, cell: Object.values(cell.labels).join(', ') }))
        }),
      )
      post({ type: 'asserts', assertions: assertions.flat() })
      return byCell
    },
  }
}

/** Writes the report on all finished runs, if there are some, and says where. */
async function reportOn(root: string, { name, rows }: GridTable): Promise<string | undefined> {
  const ids = rows.flatMap(({ runs }) => runs)
  if (ids.length === 0) return undefined
  // Loaded here: a run by itself needs none of it.
  const { groupReportFolder, writeGroupReport } = await import('../../report/group/groupReport.ts')
  const runs = await Promise.all(ids.map((id) => openRun(root, id)))
  return writeGroupReport(groupReportFolder(root, name), groupRuns(runs), { title: name })
}

type PreparedOf = (experiment: Experiment) => Promise<Prepared>

/** Experiments that come one after the other share their data, where these are the same. */
function preparedOf(around: Surroundings): PreparedOf {
  let last: { readonly key: string; readonly data: PreparedData } | undefined
  return async (experiment) => {
    const key = dataKey(experiment)
    if (last?.key !== key) {
      last = undefined
      last = { key, data: await prepareData(experiment, { onProgress: loadTeller(around) }) }
    }
    return prepareNetwork(experiment, last.data)
  }
}

/** @throws UsageError for the first experiment whose parts do not go together */
async function checkAll(experiments: readonly Experiment[], prepared: PreparedOf, around: Surroundings): Promise<void> {
  const checked = new Set<string>()
  for (const experiment of experiments) {
    const { model, loss, metrics } = describe(experiment)
    const key = JSON.stringify([dataKey(experiment), model, loss, metrics])
    if (checked.has(key)) continue
    checked.add(key)
    await checkStopped(around)
    await prepared(experiment)
  }
}
