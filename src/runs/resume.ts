import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Best, EpochReport, Position, Report, Snapshot } from '../train/index.ts'
import { decodeBest, decodeCheckpoint } from './checkpoint.ts'
import { type Run, readMetrics } from './read.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'
import { reopenRun } from './store.ts'
import type { RunWriter } from './writer.ts'

/** A run that is written again, and where its training stood. */
export interface Resumed {
  readonly writer: RunWriter
  /** The log up to there. */
  readonly records: readonly MetricRecord[]
  /** Absent where the run was killed before its first checkpoint: it begins anew. */
  readonly from?: Snapshot
}

/**
 * Opens a run to go on from its last checkpoint.
 *
 * @throws UsageError when it has finished, another process is writing it, its checkpoint is damaged, or the log lacks steps before it
 */
export async function resumeRun(run: Run): Promise<Resumed> {
  requireResumable(run)
  const { folder, manifest } = run
  let checkpoint: ReturnType<typeof decodeCheckpoint> | undefined
  const writer = await reopenRun(folder, {
    afterStep: async () => {
      const path = join(folder, 'checkpoints', 'last.safetensors')
      const bytes = await read(path)
      checkpoint = bytes && decodeCheckpoint(bytes, path)
      if (checkpoint !== undefined && checkpoint.config !== manifest.configHash)
        throw new UsageError(
          `${path} is of another experiment than the run’s manifest: restore the file that belongs there`,
        )
      return checkpoint?.position.step ?? 0
    },
  })
  const records = await readMetrics({ folder })
  if (checkpoint === undefined) return { writer, records }
  const { step } = checkpoint.position
  const logged = records.filter(({ name }) => name === BATCH_LOSS).length
  if (logged !== step) {
    await writer.finish('interrupted')
    throw new UsageError(
      `${join(folder, 'metrics.jsonl')} has the losses of ${logged} steps and the checkpoint was made after ${step}: restore the log, or train anew`,
    )
  }
  const best = await bestBefore(folder, checkpoint.position)
  return { writer, records, from: { ...checkpoint, history: reportsOf(records), ...(best && { best }) } }
}

/** @throws UsageError for a run that has finished, or that a process is writing */
export function requireResumable({ id, manifest: { status } }: Run): void {
  if (status === 'finished')
    throw new UsageError(`run ${id} has finished, and there is nothing to resume: train anew with assay run`)
  if (status === 'running')
    throw new UsageError(`run ${id} is being written by another process: wait for it or stop it`)
}

/** The best weights as they were at a position; where the file is newer, training comes to them again. */
async function bestBefore(folder: string, { step }: Position): Promise<Best | undefined> {
  const path = join(folder, 'checkpoints', 'best.safetensors')
  const bytes = await read(path)
  const best = bytes && decodeBest(bytes, path)
  return best !== undefined && best.step <= step ? best : undefined
}

const read = (path: string): Promise<Uint8Array | undefined> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

/** The reports that a metric log is of, in its order. */
export function reportsOf(records: readonly MetricRecord[]): Report[] {
  const moments = new Map<number, { epoch: number; step: number; scores: Record<string, Record<string, number>> }>()
  for (const { split, name, value, epoch, step } of records) {
    if (name === BATCH_LOSS || split === 'test') continue
    const moment = moments.get(step) ?? { epoch, step, scores: {} }
    moment.scores[split] = { ...moment.scores[split], [name]: value }
    moments.set(step, moment)
  }
  return [...moments.values()].flatMap(
    ({ epoch, step, scores: { train, trainEvaluated, validation, weights } }): Report[] => {
      if (train !== undefined)
        return [
          {
            ...{ epoch, step, train },
            ...(trainEvaluated && { trainEvaluated }),
            ...(validation && { validation }),
            ...(weights && { weights }),
          },
        ]
      return validation === undefined ? [] : [{ epoch, step, validation }]
    },
  )
}

/** Those of epochs' ends. */
export const epochsOf = (reports: readonly Report[]): EpochReport[] =>
  reports.flatMap((report) => ('train' in report ? [report] : []))
