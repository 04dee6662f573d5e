import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import {
  BATCH_LOSS,
  type MetricRecord,
  type Run,
  type RunGroup,
  readMetrics,
  readPredictions,
  readSummary,
  type Summary,
  scoredPredictions,
} from '../runs/index.ts'

/** A finished run, and what is read of it once. */
export interface ComparedRun {
  readonly run: Run
  readonly seed: number
  readonly summary: Summary
  /** Values of whole epochs; losses of single steps are left out. */
  readonly records: readonly MetricRecord[]
  /** Of the test split; undefined where the run kept none. */
  predictions(): Promise<SplitPredictions | undefined>
}

/** A seed that a group was trained with and that has no value in a score or test. */
export interface MissingSeed {
  readonly seed: number
  readonly reason: 'diverged' | 'failed' | 'interrupted' | 'running' | 'damaged' | 'not finite' | 'not logged'
}

/** A group with the runs that count. */
export interface ComparedGroup {
  readonly group: RunGroup
  readonly runs: readonly ComparedRun[]
  /** Seeds whose runs do not count. */
  readonly missing: readonly MissingSeed[]
}

/** A run that does not count, and why. */
export interface LeftOut {
  /** Its id, or the folder of one that cannot be read. */
  readonly run: string
  readonly reason: string
}

/** Reads what a comparison rests on. Groups without a finished run are left out with their runs. */
export async function readGroups(
  groups: readonly RunGroup[],
): Promise<{ readonly compared: readonly ComparedGroup[]; readonly leftOut: readonly LeftOut[] }> {
  const leftOut: LeftOut[] = []
  const compared: ComparedGroup[] = []
  for (const group of groups) {
    const runs: ComparedRun[] = []
    const missing: MissingSeed[] = []
    for (const run of group.runs) {
      const read = await readRun(run)
      if ('reason' in read) {
        leftOut.push(read)
        const { status, diverged, seed } = run.manifest
        missing.push({ seed, reason: status === 'finished' ? 'damaged' : diverged === true ? 'diverged' : status })
      } else runs.push(read)
    }
    if (runs.length > 0) compared.push({ group, runs, missing })
  }
  return { compared, leftOut }
}

async function readRun(run: Run): Promise<ComparedRun | LeftOut> {
  const { status, error, seed, diverged } = run.manifest
  if (status !== 'finished') {
    const how = {
      failed: diverged === true ? 'diverged' : 'failed',
      interrupted: 'was interrupted',
      running: 'is still running',
    }[status]
    return { run: run.id, reason: `it ${how}${error === undefined ? '' : ` (${error})`}` }
  }
  try {
    const [summary, records] = await Promise.all([readSummary(run), readMetrics(run)])
    let read: Promise<SplitPredictions | undefined> | undefined
    return {
      run,
      seed,
      summary: summary ?? {},
      records: records.filter(({ name }) => name !== BATCH_LOSS),
      predictions: () => {
        read ??= readPredictions(join(run.folder, 'predictions.parquet')).then(scoredPredictions, noneThere)
        return read
      },
    }
  } catch (error) {
    if (error instanceof UsageError) return { run: run.id, reason: `it is damaged: ${error.message}` }
    throw error
  }
}

function noneThere(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error
}
