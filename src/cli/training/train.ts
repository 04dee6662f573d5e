import { SIGNALS } from '../interrupts.ts'
import type { Watcher } from '../watch/watcher.ts'
import type { CellResults, Plan, Result, Task, Turn } from './protocol.ts'
import { startThread, type Told } from './thread.ts'
import type { Tracking } from './tracking.ts'
import { workforce } from './workforce.ts'

export interface TrainOptions {
  readonly checkpointEvery?: number | undefined
  /** Trainings at a time. */
  readonly jobs?: number | undefined
  /** Threads inside one op. */
  readonly threads?: number | undefined
}

/** Who follows a task. */
export interface Audience {
  readonly watching: Watcher
  readonly places: Tracking
  /** @param jobs trainings at a time */
  onPlan?(plan: Plan, jobs: number): void
  /** @param turn the training that it is about, its place in the task; none before the first and after the last */
  onTold(message: Told, turn: Turn | undefined): void
  /** When all have ended, and what they come to is still to be told. */
  onTrained?(): void
}

/** What a task came to. */
export interface Trained {
  readonly plan: Plan
  /** Of each training that has begun, now or before. */
  readonly results: readonly Result[]
  /** What was not begun, as it was stopped. */
  readonly left: readonly Turn[]
  /** Of all cells; none where it was stopped. */
  readonly cells: readonly CellResults[]
  readonly isStopped: boolean
}

/** Trains in as many threads as the machine has room for, one training after the other in each, and tells all who follow it. */
export async function train(
  task: Task,
  { checkpointEvery, ...shared }: TrainOptions,
  { watching, places, ...audience }: Audience,
): Promise<Trained> {
  const memory = new SharedArrayBuffer(4)
  const stop = new Int32Array(memory)
  const job = {
    ...task,
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    isTracked: places.isWanted,
    stop: memory,
  }
  const isStopped = (): boolean => Atomics.load(stop, 0) !== 0
  const onSignal = (): void => {
    // Asked twice, it stops at once. Leaving in good order is not possible while native code computes in another thread.
    if (Atomics.exchange(stop, 0, 1) !== 0) process.kill(process.pid, 'SIGKILL')
    watching.note('stopping after this step; a run that has begun is kept (once more: stop at once)')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)

  const endings: Promise<void>[] = []
  const turnsOf: (Turn | undefined)[] = []
  const teller =
    (thread: number) =>
    (message: Told): void => {
      if (message.type === 'track' || message.type === 'records') {
        places.tell(message, thread)
        return
      }
      watching.tell(message, thread)
      if (message.type === 'end') endings.push(places.end(message.outcome.status, thread))
      audience.onTold(message, turnsOf[thread])
    }
  const start = (plans: boolean, place: number) => startThread({ ...job, plans }, teller(place))
  const threads = [start(true, 0)]
  const [first] = threads
  try {
    const plan: Plan = (await first?.ready()) ?? { turns: [], known: [] }
    const all = plan.turns.length + plan.known.length
    const { jobs, threads: each } = workforce(plan.turns.length, shared)
    audience.onPlan?.(plan, jobs)
    watching.tell({ type: 'plan', jobs, turns: plan.turns.length }, 0)
    for (let place = 1; place < jobs; place++) threads.push(start(false, place))
    const queue = [...plan.turns]
    const results: Result[] = [...plan.known]
    const working = threads.map(async (thread, place) => {
      await thread.ready()
      while (!isStopped()) {
        const turn = queue.shift()
        if (turn === undefined) return
        turnsOf[place] = turn
        const { result } = await thread.order({
          type: 'train',
          turn,
          turns: all,
          ...(each !== undefined && { threads: each }),
        })
        if (result === undefined) queue.unshift(turn)
        else results.push(result)
        if (result?.status === 'diverged' || result?.status === 'failed') endings.push(places.end('failed', place))
      }
    })
    await allUnlessOneFails(working, stop)
    watching.stop()
    turnsOf.length = 0
    audience.onTrained?.()
    const concluded = isStopped() ? undefined : await first?.order({ type: 'conclude', results })
    return { plan, results, left: queue, cells: concluded?.cells ?? [], isStopped: isStopped() }
  } finally {
    watching.stop()
    for (const signal of SIGNALS) process.off(signal, onSignal)
    await Promise.all(threads.map((thread) => thread.close()))
    await Promise.all(endings)
    // What has not ended has failed.
    await Promise.all(threads.map((_, place) => places.end('failed', place)))
  }
}

/** Where one thread fails, the others stop after their step, and what they have is kept. */
async function allUnlessOneFails(working: readonly Promise<void>[], stop: Int32Array): Promise<void> {
  for (const work of working) work.catch(() => Atomics.store(stop, 0, 1))
  const failed = (await Promise.allSettled(working)).find((settled) => settled.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
