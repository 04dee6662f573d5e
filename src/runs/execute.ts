import type { SplitPredictions } from '../metrics/index.ts'
import {
  DivergedError,
  type EpochReport,
  type Experiment,
  fit,
  type Position,
  type Prepared,
  type Scores,
  type State,
} from '../train/index.ts'
import { encodeCheckpoint } from './checkpoint.ts'
import { writeData } from './data.ts'
import type { NewManifest } from './manifest.ts'
import { newManifest } from './newManifest.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'
import { keepResults, testOnce } from './results.ts'
import { createRun } from './store.ts'
import { encodeSummary, type Goal, summarize } from './summary.ts'
import type { RunWriter } from './writer.ts'

/** The log is written at least this often, so that a killed process loses no more. */
const LOG_INTERVAL_MS = 1000
/** Epochs may take milliseconds; checkpoint and summary are synced to disk at most this often, and at the end. */
const SAVE_INTERVAL_MS = 2000

export interface ExecuteOptions {
  /** Folder that holds the runs. */
  readonly root: string
  readonly seed: number
  /** The experiment's file, for the manifest. */
  readonly file?: string
  /** Settings that differ from the file's, for the manifest. */
  readonly overrides?: NewManifest['overrides']
  onStart?(start: {
    readonly id: string
    readonly folder: string
    readonly stepsPerEpoch: number
    readonly state: State
  }): void
  onStep?(step: Position & { readonly loss: number; readonly samples: number }): void
  onEpoch?(report: EpochReport): void
  shouldStop?(): boolean
}

/** A run that has ended, and what was computed on the way. */
export interface Execution {
  readonly id: string
  readonly folder: string
  readonly status: 'finished' | 'interrupted'
  readonly position: Position
  /** Loss of every step. */
  readonly losses: readonly number[]
  readonly epochs: readonly EpochReport[]
  readonly state: State
  /** Of a finished run: scores and predictions on the whole test split. */
  readonly test?: { readonly scores: Scores; readonly predictions: SplitPredictions }
}

/**
 * Trains one seed of an experiment and keeps everything in a new run folder: metrics as they come, a checkpoint after each
 * epoch, and at the end test predictions and `model.onnx`. The folder is made when the first step is about to be taken,
 * so an experiment that cannot run leaves nothing behind.
 */
export async function execute(
  experiment: Experiment,
  prepared: Prepared,
  { root, seed, file, overrides, ...hooks }: ExecuteOptions,
): Promise<Execution> {
  const manifest = await newManifest(experiment, prepared, seed, {
    ...(file !== undefined && { file }),
    ...(overrides !== undefined && { overrides }),
  })
  const origin = { configHash: manifest.configHash, seed }
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const records: MetricRecord[] = []
  const losses: number[] = []
  const epochs: EpochReport[] = []
  let pending: MetricRecord[] = []
  let run: RunWriter | undefined
  let stepsPerEpoch = 1
  let [logged, saved] = [performance.now(), Number.NEGATIVE_INFINITY]

  const writer = (): RunWriter => {
    if (run === undefined) throw new Error('the run has no folder yet')
    return run
  }
  const note = (split: string, scores: Scores, { epoch, step }: Position): void => {
    for (const [name, value] of Object.entries(scores))
      pending.push({ step, epoch, split, name, value, time: seconds() })
  }
  const goals: Readonly<Record<string, Goal>> = Object.fromEntries(
    experiment.metrics.map(({ name, goal }) => [name, goal]),
  )
  const log = (): void => {
    writer().log(pending)
    records.push(...pending.filter(({ name }) => name !== BATCH_LOSS))
    pending = []
    logged = performance.now()
  }
  const save = async (state: State, position: Position): Promise<void> => {
    log()
    await writer().writeJson('summary.json', encodeSummary(summarize(records, goals)))
    await checkpoint(state, position)
    saved = performance.now()
  }
  const checkpoint = (state: State, position: Position) =>
    writer().checkpoint('last', encodeCheckpoint(state, position, { run: writer().id, ...origin }))

  try {
    const result = await fit(experiment, prepared, seed, {
      onStart: async (start) => {
        run = await createRun(root, manifest)
        await writeData(run, prepared)
        stepsPerEpoch = start.stepsPerEpoch
        hooks.onStart?.({ id: run.id, folder: run.folder, ...start })
      },
      onStep: (at) => {
        losses.push(at.loss)
        note('train', { [BATCH_LOSS]: at.loss }, { step: at.step, epoch: at.step / stepsPerEpoch })
        if (performance.now() - logged > LOG_INTERVAL_MS) log()
        hooks.onStep?.(at)
      },
      onEpoch: async (report, state) => {
        note('train', report.train, report)
        if (report.validation !== undefined) note('validation', report.validation, report)
        if (performance.now() - saved > SAVE_INTERVAL_MS) await save(state, report)
        epochs.push(report)
        hooks.onEpoch?.(report)
      },
      ...(hooks.shouldStop && { shouldStop: hooks.shouldStop }),
    })
    const { status, position, state } = result
    const ended = { id: writer().id, folder: writer().folder, status, position, losses, epochs, state }
    if (status === 'interrupted') {
      await save(state, position)
      await writer().finish('interrupted')
      return ended
    }
    const test = prepared.test.indices.length === 0 ? undefined : await testOnce(experiment, prepared, result)
    if (test !== undefined) note('test', test.scores, position)
    await save(state, position)
    await keepResults(writer(), prepared, state, test?.predictions)
    await writer().finish('finished')
    return { ...ended, ...(test && { test }) }
  } catch (error) {
    if (run === undefined) throw error
    const message = error instanceof Error ? error.message : String(error)
    await endFailed(run, pending, message)
    if (error instanceof DivergedError) throw error
    throw new Error(`run ${run.id} failed: ${message}`, { cause: error })
  }
}

/** Keeps what there is of a failed run; where the disk is what failed, its complaint must not hide the first one. */
async function endFailed(run: RunWriter, pending: readonly MetricRecord[], message: string): Promise<void> {
  try {
    run.log(pending)
  } finally {
    await run.finish('failed', message).catch(() => {})
  }
}
