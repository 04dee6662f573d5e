/**
 * The training thread of `assay run`. ONNX Runtime blocks the thread that it computes on, so the one that draws the
 * progress bar and hears Ctrl-C is another.
 */
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { LoadProgress } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import '../runtime/ort/node.ts'
import { openRun, prepareRun, RunError, requireResumable } from '../runs/index.ts'
import {
  checkAsserts,
  DivergedError,
  type Grid,
  type GridCell,
  isGrid,
  type Prepared,
  prepare,
  type Scores,
} from '../train/index.ts'
import { changesSince, experimentOfRun } from './experimentOfRun.ts'
import { type GridResult, gridRuns, gridTable } from './gridRuns.ts'
import { loadExperiments } from './loadExperiment.ts'
import type { Job, Message, NewRuns, ResumedRun } from './protocol.ts'
import { STEP_INTERVAL_MS, trainSeed, type Where } from './trainSeed.ts'

const post = (message: Message): void => parentPort?.postMessage(message)

async function work(job: Job): Promise<void> {
  const stop = new Int32Array(job.stop)
  if ('resume' in job) return resume(job, stop)
  const loaded = await loadExperiments(job.file)
  if (isGrid(loaded)) return runGrid(job, settled(loaded, job), stop)
  const experiment = settled(loaded, job)
  const prepared = await unlessStopped(prepare(experiment, { onProgress: loadTeller(stop) }))
  if (prepared === undefined) return
  const tests: Scores[] = []
  for (const [i, seed] of experiment.seeds.entries()) {
    if (Atomics.load(stop, 0) !== 0) return tellLeft(experiment.seeds.slice(i))
    const turns = experiment.seeds.length
    const execution = await trainSeed(experiment, prepared, { seed, turn: i + 1, turns }, { stop, post }, whereOf(job))
    if (execution.test !== undefined) tests.push(execution.test.scores)
  }
  // Fewer epochs, or another learning rate, are not what was promised.
  if (job.settings.length === 0 && tests.length === experiment.seeds.length)
    post({ type: 'asserts', assertions: checkAsserts(experiment.asserts, tests) })
}

/** Seeds that an interruption has left; the one before them is gone on with by resume. */
const tellLeft = (seeds: readonly number[]): void =>
  post({
    type: 'note',
    text: `not begun: ${seeds.map((seed) => `seed ${seed}`).join(', ')}; train with --set seeds=${seeds.join(',')}`,
  })

/** An experiment or a grid with the settings of the command line. */
const settled = <E extends { set(path: string, value: unknown): E }>(of: E, { settings }: NewRuns): E =>
  settings.reduce((current, [path, value]) => current.set(path, value), of)

const whereOf = (job: Job & NewRuns): Where => ({
  root: job.root,
  file: job.file,
  overrides: job.settings.map(([path, value]) => [path, value]),
  ...wishesOf(job),
})

/** Trains what of a grid has not been trained yet, cell by cell; one that diverges does not end the others. */
async function runGrid(job: Job & NewRuns, grid: Grid, stop: Int32Array): Promise<void> {
  const all = await unlessStopped(gridRuns(grid, job.root, { onProgress: loadTeller(stop) }))
  if (all === undefined) return
  const kept = job.isFresh ? 0 : all.filter(({ finished, diverged }) => finished ?? diverged).length
  if (kept > 0)
    post({ type: 'note', text: `${kept} of ${all.length} runs are there already; --fresh trains them again` })
  const results: GridResult[] = []
  let prepared: { readonly of: GridCell; readonly data: Prepared } | undefined
  for (const [i, { cell, seed, finished, begun, diverged }] of all.entries()) {
    if (Atomics.load(stop, 0) !== 0) return
    if (finished !== undefined && !job.isFresh) {
      results.push({ cell, run: placeOf(finished) })
      continue
    }
    if (diverged !== undefined && !job.isFresh) {
      results.push({ cell })
      continue
    }
    const { experiment, labels } = cell
    if (prepared?.of !== cell) {
      const data = await unlessStopped(prepare(experiment, { onProgress: loadTeller(stop) }))
      if (data === undefined) return
      prepared = { of: cell, data }
    }
    const title = `${grid.name}: ${Object.values(labels).join(', ')}`
    try {
      const execution = await trainSeed(
        experiment,
        prepared.data,
        { seed, turn: i + 1, turns: all.length, title },
        { stop, post },
        {
          ...whereOf(job),
          grid: { name: grid.name, labels },
          ...(begun && !job.isFresh && { resume: begun }),
        },
      )
      if (execution.status === 'finished') results.push({ cell, run: placeOf(execution) })
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error
      post({ type: 'note', text: error.message })
      results.push({ cell })
    }
  }
  post({ type: 'grid', table: await gridTable(grid, results) })
}

/** Of a run nothing else is kept: a grid may be long, and an execution holds weights and predictions. */
const placeOf = ({ id, folder }: NonNullable<GridResult['run']>): NonNullable<GridResult['run']> => ({ id, folder })

/** Goes on with a run of one seed. */
async function resume(job: Job & ResumedRun, stop: Int32Array): Promise<void> {
  const { resume: folder, file } = job
  const run = await openRun(dirname(folder), folder)
  requireResumable(run)
  const experiment = await experimentOfRun(run, file)
  for (const text of await changesSince(run, file)) post({ type: 'note', text })
  const prepared = await unlessStopped(prepareRun(experiment, run, { onProgress: loadTeller(stop) }))
  if (prepared === undefined) return
  const { seed } = run.manifest
  await trainSeed(
    experiment,
    prepared,
    { seed, turn: 1, turns: 1 },
    { stop, post },
    {
      root: dirname(folder),
      resume: run,
      ...wishesOf(job),
    },
  )
}

const wishesOf = ({ checkpointEvery, isTracked }: Job): Partial<Where> => ({
  ...(checkpointEvery !== undefined && { checkpointEvery }),
  ...(isTracked && { onRecords: (records) => post({ type: 'records', records }) }),
})

/** What loading gives, unless it was ended. */
const unlessStopped = <T>(loading: Promise<T>): Promise<T | undefined> =>
  loading.catch((error: unknown) => {
    if (error !== STOPPED) throw error
    return undefined
  })

/** Thrown to end the loading of data. */
const STOPPED = new Error('stopped')

/** Tells of the loading now and then, and ends it when that is asked for. */
function loadTeller(stop: Int32Array): (progress: LoadProgress) => void {
  let told = Number.NEGATIVE_INFINITY
  return (progress) => {
    if (Atomics.load(stop, 0) !== 0) throw STOPPED
    if (performance.now() - told < STEP_INTERVAL_MS) return
    told = performance.now()
    post({ type: 'load', progress })
  }
}

/** What went wrong inside comes first: a run tells whose it was, and its cause where. */
const stackOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}\n${stackOf(error.cause)}` : (error.stack ?? error.message)

// Line numbers of a user's file, not of what its types were taken out of.
process.setSourceMapsEnabled(true)

try {
  const job: Job = workerData
  await work(job)
} catch (error) {
  const isTold = [UsageError, DivergedError, RunError].some((told) => error instanceof told)
  post({
    type: 'error',
    kind: error instanceof UsageError ? 'usage' : 'failed',
    message: error instanceof Error ? error.message : String(error),
    ...(!isTold && error instanceof Error && { stack: stackOf(error) }),
  })
}
