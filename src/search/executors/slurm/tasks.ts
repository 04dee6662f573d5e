import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import { call } from './commands.ts'

/** One task of an array: a worker. */
export interface Task {
  /** Slurm's number of the array. */
  readonly job: number
  /** From 0, in its array. */
  readonly index: number
  readonly stage: 'waiting' | 'running' | 'ended'
  /** Slurm's word for it, `PENDING`. */
  readonly state: string
  /** Slurm's word for why it waits, or has ended; `None` where there is nothing to say. */
  readonly reason: string
}

/** States that a task does not leave, and those before it runs; all others are on the way between. */
const ENDED = new Set([
  ...['BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'],
  ...['PREEMPTED', 'REVOKED', 'TIMEOUT'],
])
const WAITING = new Set([
  ...['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'RESV_DEL_HOLD', 'SPECIAL_EXIT'],
])

/** Array, task, state and reason: a reason may hold any character, and is last. */
const FORMAT = '%F|%K|%T|%r'
const number = z.string().regex(/^\d+$/).transform(Number)
const schema = z.tuple([number, number, z.string().regex(/^[A-Z_]+$/), z.string()])

/**
 * Tasks of the arrays of some names, as far as Slurm knows them: all that have not ended, and others for some minutes more.
 *
 * @throws UsageError where Slurm is not there, or does not answer
 */
export async function tasksOf(names: readonly string[], folder: string): Promise<readonly Task[]> {
  if (names.length === 0) return []
  const args = ['--noheader', '--array', '--states=all', `--name=${names.join(',')}`, `--format=${FORMAT}`]
  const text = await call('squeue', args, folder)
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parse(line)]))
}

function parse(line: string): Task {
  const [job, index, state, ...reason] = line.trim().split('|')
  const { data } = schema.safeParse([job, index, state, reason.join('|')])
  if (data === undefined)
    throw new UsageError(`squeue said "${line}", where ${FORMAT} was asked for: is it Slurm’s own?`)
  return { job: data[0], index: data[1], stage: stageOf(data[2]), state: data[2], reason: data[3] }
}

const stageOf = (state: string): Task['stage'] =>
  ENDED.has(state) ? 'ended' : WAITING.has(state) ? 'waiting' : 'running'
