import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import {
  DivergedError,
  type EpochReport,
  type EvaluationReport,
  type Experiment,
  fit,
  type PhaseTimes,
  type Position,
  type Prepared,
  type Scores,
  type State,
  type StepReport,
  type Training,
} from '../train/index.ts'
import { encodeBest, encodeCheckpoint } from './checkpoint.ts'
import { writeData } from './data.ts'
import type { Manifest, NewManifest } from './manifest.ts'
import { type MetricLog, metricLog } from './metricLog.ts'
import { newManifest } from './newManifest.ts'
import type { Run } from './read.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'
import { keepResults, testOnce } from './results.ts'
import { epochsOf, resumeRun } from './resume.ts'
import { createRun } from './store.ts'
import { encodeSummary, type Goal, summarize } from './summary.ts'
import { type Recorder, recorder } from './trajectory/recorder.ts'
import type { RunWriter } from './writer.ts'

/** A checkpoint is made at most this often, and at the end. */
const SAVE_INTERVAL_MS = 5000
/** Checkpoints take at most this share of the time. */
const SAVE_SHARE = 0.03

export interface ExecuteOptions {
  /** Folder that holds the runs. */
  readonly root: string
  readonly seed: number
  /** The experiment's file, for the manifest. */
  readonly file?: string
  /** Settings that differ from the file's, for the manifest. */
  readonly overrides?: NewManifest['overrides']
  /** The grid that the run belongs to, for the manifest. */
  readonly grid?: NewManifest['grid']
  /** A run of this experiment and seed that was interrupted: it is gone on with, in place of a new one. */
  readonly resume?: Run
  /** Seconds between two checkpoints; default 5, and more where they take long. There is always one at the end. */
  readonly checkpointEvery?: number
  onStart?(start: {
    readonly id: string
    readonly folder: string
    readonly stepsPerEpoch: number
    readonly state: State
    readonly position: Position
    readonly manifest: Manifest
    /** What the log holds already, of a run that is resumed. */
    readonly records: readonly MetricRecord[]
  }): void
  onStep?(step: StepReport): void
  onEvaluation?(report: EvaluationReport, training: Training): void
  onEpoch?(report: EpochReport, training: Training): void
  /** When records are in the log: about once a second, in its order. */
  onRecords?(records: readonly MetricRecord[]): void
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
  readonly times: PhaseTimes
  /** Of a finished run: scores and predictions on the whole test split. */
  readonly test?: { readonly scores: Scores; readonly predictions: SplitPredictions }
}

export const executionKind = new ResultKind<Execution>()

/**
 * Trains one seed of an experiment and keeps everything in a run folder: metrics as they come, checkpoints every few seconds, and at the
 * end test predictions and `model.onnx`. The folder of a new run is made when the first step is about to be taken, so an experiment that
 * cannot run leaves nothing behind.
 *
 * @throws UsageError where the run to resume has finished, is being written, is damaged, or is of other training data
 */
export async function execute(
  experiment: Experiment,
  prepared: Prepared,
  { root, seed, file, overrides, grid, resume, checkpointEvery, ...hooks }: ExecuteOptions,
): Promise<Execution> {
  if (resume !== undefined) requireSameData(resume, prepared)
  const resumed = resume && (await resumeRun(resume))
  const manifest =
    resumed?.writer.manifest ??
    (await newManifest(experiment, prepared, seed, {
      ...(file !== undefined && { file }),
      ...(overrides !== undefined && { overrides }),
      ...(grid !== undefined && { grid }),
    }))
  const log = metricLog(resumed?.records ?? [], hooks.onRecords)
  const epochs = epochsOf(resumed?.from?.history ?? [])
  let run = resumed?.writer
  const writer = (): RunWriter => {
    if (run === undefined) throw new Error('the run has no folder yet')
    return run
  }
  const origin = { configHash: manifest.configHash, seed }
  const recording = recorder(experiment, origin)
  const save = saver(experiment, origin, { log, recording }, checkpointEvery)

  try {
    const result = await fit(experiment, prepared, seed, {
      ...(resumed?.from && { from: resumed.from }),
      onStart: async (training) => {
        const { stepsPerEpoch, state, position } = training
        run ??= await createRun(root, manifest, (files) => writeData(files, prepared))
        await recording?.begin(run, training)
        const { id, folder } = run
        const records = resumed?.records ?? []
        hooks.onStart?.({ id, folder, stepsPerEpoch, state, position, manifest: run.manifest, records })
      },
      onStep: (at) => {
        const epoch =
          at.step / Math.ceil(prepared.train.indices.length / (experiment.batchSize * experiment.accumulate))
        log.note('train', { [BATCH_LOSS]: at.loss }, { step: at.step, epoch })
        log.flushIfDue(writer())
        hooks.onStep?.(at)
      },
      ...(recording && { onMeasures: recording.note }),
      onEvaluation: (report, training) => {
        log.note('validation', report.validation, report)
        hooks.onEvaluation?.(report, training)
      },
      onEpoch: (report, training) => {
        const { epoch: _, step: __, ...splits } = report
        for (const [split, scores] of Object.entries(splits)) log.note(split, scores, report)
        epochs.push(report)
        hooks.onEpoch?.(report, training)
      },
      onSettled: async (training) => {
        if (recording?.isDue(training) === true) await recording.keep(writer(), training)
        if (training.isDone || save.isDue()) await save.now(writer(), training)
      },
      onStopped: (training) => save.now(writer(), training),
      ...(hooks.shouldStop && { shouldStop: hooks.shouldStop }),
    })
    const { status, position, state, times } = result
    const { losses } = log
    const ended = { id: writer().id, folder: writer().folder, status, position, losses, epochs, state, times }
    if (status === 'interrupted') {
      await writer().finish('interrupted')
      return executionKind.mark(ended)
    }
    const test = prepared.test.indices.length === 0 ? undefined : await testOnce(experiment, prepared, result)
    if (test !== undefined) log.note('test', test.scores, position)
    await save.summary(writer())
    await keepResults(writer(), prepared, state, test?.predictions)
    await writer().finish('finished')
    return executionKind.mark({ ...ended, ...(test && { test }) })
  } catch (error) {
    if (run === undefined) throw error
    const message = isDiskFull(error)
      ? `the disk that holds ${run.folder} is full: make room, then go on with assay resume ${run.id}`
      : error instanceof Error
        ? error.message
        : String(error)
    await endFailed(run, { log, recording }, message, error)
    if (error instanceof DivergedError || error instanceof UsageError) throw error
    if (isDiskFull(error)) throw new RunError(message, { cause: error })
    throw new Error(`run ${run.id} failed: ${message}`, { cause: error })
  }
}

/** A cell of a grid is gone on with by its description alone, which has nothing of what is in a file. */
function requireSameData({ id, manifest: { data } }: Run, { train: { dataset } }: Prepared): void {
  if (dataset.fingerprint !== data.fingerprint.train)
    throw new UsageError(
      `the training data of ${dataset.name} are others than those that run ${id} was begun with (${dataset.fingerprint.slice(0, 12)} in place of ${data.fingerprint.train.slice(0, 12)}): give them as they were, or train anew`,
    )
}

/** What a training says of itself on its way. */
interface Kept {
  readonly log: MetricLog
  readonly recording: Recorder | undefined
}

/** Writes checkpoints, with the log and the summary up to them. */
function saver(
  { metrics }: Experiment,
  origin: { readonly configHash: string; readonly seed: number },
  { log, recording }: Kept,
  every?: number,
) {
  const goals: Readonly<Record<string, Goal>> = Object.fromEntries(metrics.map(({ name, goal }) => [name, goal]))
  let saved = performance.now()
  let took = 0
  let bestStep: number | undefined
  const summary = async (writer: RunWriter): Promise<void> => {
    log.flush(writer)
    await writer.writeJson('summary.json', encodeSummary(summarize(log.records, goals)))
  }
  return {
    summary,
    isDue: () =>
      performance.now() - saved > (every === undefined ? Math.max(SAVE_INTERVAL_MS, took / SAVE_SHARE) : every * 1000),
    now: async (writer: RunWriter, training: Training): Promise<void> => {
      const began = performance.now()
      const snapshot = training.snapshot()
      const { best } = snapshot
      const run = { ...origin, run: writer.id }
      await summary(writer)
      writer.syncLog()
      recording?.flush(writer)
      // The best first: what the other says of it must be there.
      if (best !== undefined && best.step !== bestStep) await writer.checkpoint('best', encodeBest(best, run))
      bestStep = best?.step
      await writer.checkpoint('last', encodeCheckpoint(snapshot, run))
      saved = performance.now()
      took = saved - began
    },
  }
}

/** No space, or no more of what a user may have. */
const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

/** A run failed for a reason outside of it, which its message says whole. */
export class RunError extends Error {
  override readonly name = 'RunError'
}

/** Keeps what there is of a failed run; where the disk is what failed, its complaint must not hide the first one. */
async function endFailed(run: RunWriter, { log, recording }: Kept, message: string, error: unknown): Promise<void> {
  try {
    log.flush(run)
    recording?.flush(run)
  } catch {}
  await run.finish('failed', message, error instanceof DivergedError).catch(() => {})
}
