import { setImmediate } from 'node:timers/promises'
import type { LoadProgress } from '../../data/index.ts'
import type { CellResults, Message, Order, Plan, Result } from './protocol.ts'

/** Messages about steps and about loading go out at most this often. */
export const STEP_INTERVAL_MS = 80

/** What a training thread can be asked. */
export interface Work {
  /** Undefined where it was ended. */
  plan(): Promise<Plan | undefined>
  /** Undefined where it was ended before it began. */
  train(order: Extract<Order, { type: 'train' }>): Promise<Result | undefined>
  conclude(results: readonly Result[]): Promise<readonly CellResults[]>
}

/** What work needs of its thread. */
export interface Surroundings {
  /** Not 0 when the training is to stop after the step under way. */
  readonly stop: Int32Array
  readonly post: (message: Message) => void
}

export const isStopped = (stop: Int32Array): boolean => Atomics.load(stop, 0) !== 0

/** What loading gives, unless it was ended. */
export const unlessStopped = <T>(loading: Promise<T>): Promise<T | undefined> =>
  loading.catch((error: unknown) => {
    if (error !== STOPPED) throw error
    return undefined
  })

/** Thrown to end the loading of data. */
const STOPPED = new Error('stopped')

/** Tells of the loading now and then, and ends it when that is asked for. */
export function loadTeller({ stop, post }: Surroundings): (progress: LoadProgress) => void {
  let told = Number.NEGATIVE_INFINITY
  return (progress) => {
    if (isStopped(stop)) throw STOPPED
    if (performance.now() - told < STEP_INTERVAL_MS) return
    told = performance.now()
    post({ type: 'load', progress })
  }
}

/** Ends what is long and has no progress of its own, where that is asked for. */
export async function checkStopped({ stop }: Surroundings): Promise<void> {
  await setImmediate()
  if (isStopped(stop)) throw STOPPED
}

/** What went wrong inside comes first: a run tells whose it was, and its cause where. */
export const stackOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}\n${stackOf(error.cause)}` : (error.stack ?? error.message)
