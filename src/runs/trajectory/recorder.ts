import { closeSync, fsyncSync, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../../errors.ts'
import { encodeStateDict, stateDict, type WeightTree } from '../../nn/index.ts'
import {
  type Experiment,
  isRecorded,
  type Recording,
  recordedOf,
  type State,
  type StepMeasures,
  type Training,
} from '../../train/index.ts'
import type { CheckpointOrigin } from '../checkpoint.ts'
import type { RunWriter } from '../writer.ts'
import { recordedFiles, STEPS_FILE, TRAJECTORY, weightsFile } from './files.ts'
import { appendRows, beginTable, keepRows, readTable } from './npyTable.ts'

/**
 * Keeps what an experiment records in the run's folder. Weights have a file each, as soon as they are there; measures of steps are written with
 * each checkpoint, before it. A run that goes on from a checkpoint drops what was recorded after it, as it comes to it again.
 */
export interface Recorder {
  /** At the beginning, or where a run goes on. */
  begin(run: RunWriter, training: Training): Promise<void>
  note(measures: StepMeasures): void
  /** Whether the weights are to be kept as they are now. */
  isDue(training: Training): boolean
  keep(run: RunWriter, training: Training): Promise<void>
  /** Sees to it that all so far is on the disk. */
  flush(run: RunWriter): void
}

/** Of an experiment that records nothing there is none. */
export function recorder(
  { record }: Experiment,
  { configHash, seed }: Omit<CheckpointOrigin, 'run'>,
): Recorder | undefined {
  const { weights, steps } = record
  if (weights === undefined && steps === undefined) return undefined
  let pending: number[] = []
  let unsynced: string[] = []
  const isDue = ({ position: { step }, stepsPerEpoch, isDone }: Training): boolean =>
    weights !== undefined && (isDone || isRecorded(weights, step, stepsPerEpoch))
  const keep = async (run: RunWriter, training: Training): Promise<void> => {
    const { state, position, stepsPerEpoch } = training
    const { step } = position
    const path = join(run.folder, TRAJECTORY, weightsFile(step))
    const { parameters, buffers } = state.variables
    const kept = recordedOf(weights ?? {}, stateDict(state.variables))
    const those = (tree: WeightTree): string =>
      JSON.stringify(Object.keys(stateDict({ parameters: tree, buffers: {} })).filter((name) => name in kept))
    const bytes = encodeStateDict(kept, {
      // In the network's order, which a file does not keep.
      parameters: those(parameters),
      buffers: those(buffers),
      config: configHash,
      seed: String(seed),
      step: String(step),
      epoch: String(step / stepsPerEpoch),
    })
    // A disk takes milliseconds to say that it has a file: it is asked with the next checkpoint, without which the file would not count.
    await writeFileAtomic(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { fsync: false })
    unsynced.push(path)
  }
  return {
    begin: async (run, training) => {
      const { step } = training.position
      await mkdir(join(run.folder, TRAJECTORY), { recursive: true })
      for (const file of await recordedFiles(run.folder)) if (file.step > step) await rm(file.path)
      if (steps !== undefined) beginOrGoOn(join(run.folder, TRAJECTORY, STEPS_FILE), steps, training)
      if (step === 0 && isDue(training)) await keep(run, training)
    },
    note: ({ step, epoch, loss, gradientNorm, gradientCosine, updateRatios }) => {
      pending.push(step, epoch, loss, gradientNorm, gradientCosine)
      for (const ratio of updateRatios) pending.push(ratio)
    },
    isDue,
    keep,
    flush: (run) => {
      for (const path of unsynced) sync(path)
      unsynced = []
      if (pending.length === 0) return
      appendRows(join(run.folder, TRAJECTORY, STEPS_FILE), Float64Array.from(pending))
      pending = []
    },
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Before the name of a parameter: ‖change‖ / ‖weights‖. */
export const UPDATE_RATIO = 'updateRatio.'

/** What is measured of each step, in the order of the table. */
const columnsOf = ({ variables: { parameters } }: State): string[] => [
  ...['step', 'epoch', 'loss', 'gradientNorm', 'gradientCosine'],
  ...Object.keys(stateDict({ parameters, buffers: {} })).map((name) => `${UPDATE_RATIO}${name}`),
]

/** @throws UsageError where the table lacks steps before the one that training goes on from */
function beginOrGoOn(path: string, { every = 1 }: NonNullable<Recording['steps']>, training: Training): void {
  const { state, position } = training
  if (position.step === 0) {
    beginTable(path, columnsOf(state))
    return
  }
  const rows = Math.floor(position.step / every)
  const recorded = readTable(path)?.get('step')?.length ?? 0
  if (recorded < rows)
    throw new UsageError(
      `${path} has ${recorded} steps and the checkpoint was made after ${position.step}: restore the table, or train anew`,
    )
  keepRows(path, rows)
}
