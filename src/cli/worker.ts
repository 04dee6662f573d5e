/**
 * The training thread of `assay run`. ONNX Runtime blocks the thread that it computes on, so the one that draws the
 * progress bar and hears Ctrl-C is another.
 */
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { LoadProgress } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { parameterCount } from '../nn/index.ts'
import { type RunReportExtras, runExtras, writeRunReport } from '../report/index.ts'
import '../runtime/ort/node.ts'
import {
  type ExecuteOptions,
  type Execution,
  execute,
  openRun,
  prepareRun,
  RunError,
  requireResumable,
} from '../runs/index.ts'
import {
  checkAsserts,
  DivergedError,
  type Experiment,
  type Grid,
  type GridCell,
  isGrid,
  type Prepared,
  prepare,
  type Scores,
  type State,
} from '../train/index.ts'
import { changesSince, experimentOfRun } from './experimentOfRun.ts'
import { type GridResult, gridRuns, gridTable } from './gridRuns.ts'
import { loadExperiments } from './loadExperiment.ts'
import type { Job, Message, NewRuns, Outcome, ResumedRun } from './protocol.ts'

/** Messages about steps and about loading go out at most this often. */
const STEP_INTERVAL_MS = 80

const post = (message: Message): void => parentPort?.postMessage(message)

type Where = Pick<ExecuteOptions, 'root' | 'file' | 'overrides' | 'grid' | 'resume' | 'checkpointEvery' | 'onRecords'>

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
    if (Atomics.load(stop, 0) !== 0) return
    const turns = experiment.seeds.length
    const execution = await runSeed(experiment, prepared, { seed, turn: i + 1, turns }, stop, whereOf(job))
    if (execution.test !== undefined) tests.push(execution.test.scores)
  }
  // Fewer epochs, or another learning rate, are not what was promised.
  if (job.settings.length === 0 && tests.length === experiment.seeds.length)
    post({ type: 'asserts', assertions: checkAsserts(experiment.asserts, tests) })
}

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
  const results: GridResult[] = []
  let prepared: { readonly of: GridCell; readonly data: Prepared } | undefined
  for (const [i, { cell, seed, finished, begun }] of all.entries()) {
    if (Atomics.load(stop, 0) !== 0) return
    if (finished !== undefined && !job.isFresh) {
      results.push({ cell, run: placeOf(finished) })
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
      const execution = await runSeed(
        experiment,
        prepared.data,
        { seed, turn: i + 1, turns: all.length, title },
        stop,
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
  await runSeed(experiment, prepared, { seed, turn: 1, turns: 1 }, stop, {
    root: dirname(folder),
    resume: run,
    ...wishesOf(job),
  })
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

/** One of the runs of a command. */
interface Turn {
  readonly seed: number
  /** From 1. */
  readonly turn: number
  readonly turns: number
  /** In place of the experiment's name. */
  readonly title?: string
}

async function runSeed(
  experiment: Experiment,
  prepared: Prepared,
  { seed, turn, turns, title }: Turn,
  stop: Int32Array,
  where: Where,
): Promise<Execution> {
  const began = performance.now()
  const canValidate = prepared.validation.indices.length > 0
  let told = 0
  let samples = 0
  let epoch = { began, isWhole: true, loss: 0, samples: 0 }
  const execution = await execute(experiment, prepared, {
    ...where,
    seed,
    onStart: ({ id, folder, stepsPerEpoch, state, position: { step }, manifest, records }) => {
      epoch = { ...epoch, began: performance.now(), isWhole: step % stepsPerEpoch === 0 }
      const steps = experiment.epochs * stepsPerEpoch
      if (where.onRecords !== undefined) post({ type: 'track', run: { folder, manifest, steps, records } })
      const { everySteps } = experiment.evaluation
      post({
        type: 'start',
        id,
        folder,
        name: title ?? experiment.name,
        seed,
        turn,
        turns,
        epochs: experiment.epochs,
        stepsPerEpoch,
        step,
        samples: prepared.train.indices.length,
        parameters: parameterCount(state.variables),
        leftOut: { count: prepared.leftOut.length, first: prepared.leftOut.slice(0, 3) },
        scores: reportedScores(experiment, canValidate),
        monitor: experiment.monitor ?? `${canValidate ? 'validation' : 'train'}.loss`,
        ...(everySteps !== undefined && { everySteps }),
      })
    },
    onStep: (step) => {
      samples += step.samples
      epoch.samples += step.samples
      epoch.loss += step.loss * step.samples
      if (performance.now() - told < STEP_INTERVAL_MS) return
      told = performance.now()
      const meanLoss = epoch.loss / epoch.samples
      post({ type: 'step', epoch: step.epoch, step: step.step, loss: step.loss, meanLoss, samples })
    },
    onEvaluation: (report, { best }) => post({ type: 'epoch', report, isBest: best?.step === report.step }),
    onEpoch: (report, training) => {
      const now = performance.now()
      post({
        type: 'epoch',
        report,
        isBest: training.best?.step === report.step,
        learningRate: training.learningRate,
        ...(epoch.isWhole && { seconds: (now - epoch.began) / 1000 }),
      })
      epoch = { began: now, isWhole: true, loss: 0, samples: 0 }
    },
    shouldStop: () => Atomics.load(stop, 0) !== 0,
  })
  const extras = await runExtras(execution, prepared, { experiment, seed })
  const report = await writeRunReport(execution.folder, extras)
  const seconds = (performance.now() - began) / 1000
  const named = title === undefined ? {} : { title }
  post({ type: 'end', outcome: { ...outcomeOf(execution, extras, prepared), ...named, seed, seconds, report } })
  return execution
}

/** What each epoch's report will have in it. */
function reportedScores({ metrics, evaluation, regularizers }: Experiment, canValidate: boolean) {
  const names = ['loss', ...metrics.map(({ name }) => name)]
  const splits = ['train', ...(evaluation.train ? ['trainEvaluated'] : []), ...(canValidate ? ['validation'] : [])]
  return [
    ...names.flatMap((name) => splits.map((split) => ({ split, name }))),
    ...(regularizers.length > 0 ? ['penalty', 'sparsity'].map((name) => ({ split: 'weights', name })) : []),
  ]
}

function outcomeOf(
  { id, folder, status, position, losses, epochs, state, times, test }: Execution,
  { testAccuracy: accuracy, confusion }: RunReportExtras,
  { target }: Prepared,
): Omit<Outcome, 'seed' | 'seconds' | 'report'> {
  const classes = target.task === 'classification' ? target.classes : []
  return {
    id,
    folder,
    status,
    steps: position.step,
    losses,
    epochs,
    times,
    weights: weightsHash(state),
    ...(test && { test: test.scores }),
    ...(accuracy && confusion && { classification: { accuracy, classes, confusion } }),
  }
}

const weightsHash = ({ parameters, buffers }: State): string =>
  [...parameters, ...buffers.values()].reduce((hash, data) => hash.update(data), createHash('sha256')).digest('hex')

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
