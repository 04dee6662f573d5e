import { Worker } from 'node:worker_threads'
import { UsageError } from '../errors.ts'
import type { Assertion } from '../train/index.ts'
import { INTERRUPTED, SIGNALS } from './interrupts.ts'
import { assertionLine, gridText, printOutcome } from './outcome.ts'
import { print, printJson } from './output.ts'
import type { GridTable, Job, Message, Outcome, Task } from './protocol.ts'
import { type Tracking, type TrackingOptions, tracking } from './tracking.ts'
import { type Watch, type Watcher, watcher } from './watch/watcher.ts'

export interface TaskOptions extends TrackingOptions {
  readonly json?: boolean | undefined
  readonly checkpointEvery?: number | undefined
  readonly watch?: Watch | undefined
}

/** Trains, shows how far it has come, and prints what came of it. */
export async function runTask(task: Task, options: TaskOptions): Promise<void> {
  const { json = false, checkpointEvery, watch = json ? 'none' : process.stderr.isTTY ? 'bar' : 'plain' } = options
  const watching = watcher(watch)
  const stop = new SharedArrayBuffer(4)
  const told: Told = { outcomes: [], assertions: [], grids: [] }
  const { outcomes, assertions, grids } = told
  try {
    const places = await tracking(options, watching.note)
    const isTracked = places.isWanted
    const job: Job = { ...task, ...(checkpointEvery !== undefined && { checkpointEvery }), isTracked, stop }
    await train(job, json, { watching, places }, told)
  } catch (error) {
    if (json) printJson({ runs: outcomes, error: error instanceof Error ? error.message : String(error) })
    if (watching.fail === undefined) throw error
    watching.fail(error)
    process.exitCode = error instanceof UsageError ? 2 : 1
    return
  }
  if (json)
    printJson({ runs: outcomes, ...(assertions.length > 0 && { assertions }), ...(grids[0] && { grid: grids[0] }) })
  if (assertions.some(({ holds }) => !holds)) process.exitCode = 1
  const wasStopped = Atomics.load(new Int32Array(stop), 0) !== 0
  if (wasStopped) process.exitCode = INTERRUPTED
  if (wasStopped && outcomes.length === 0 && grids.length === 0)
    watching.note('stopped before training began; no run was made')
}

/** What came of a task. */
interface Told {
  readonly outcomes: Outcome[]
  readonly assertions: Assertion[]
  readonly grids: GridTable[]
}

interface Followers {
  readonly watching: Watcher
  readonly places: Tracking
}

/** Runs the job in its thread, tells all who follow it, and adds the outcome of each run as it ends. */
async function train(job: Job, quiet: boolean, { watching, places }: Followers, told: Told): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job })
  const stop = new Int32Array(job.stop)
  const onSignal = (): void => {
    // Asked twice, it stops at once. Leaving in good order is not possible while native code computes in the other thread.
    if (Atomics.exchange(stop, 0, 1) !== 0) process.kill(process.pid, 'SIGKILL')
    watching.note('stopping after this step; a run that has begun is kept (once more: stop at once)')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)

  let ending = Promise.resolve()
  const tell = (message: Exclude<Message, { type: 'error' }>): void => {
    if (message.type === 'track' || message.type === 'records') {
      places.tell(message)
      return
    }
    watching.tell(message)
    if (message.type === 'end') {
      const { status } = message.outcome
      const ended = places.end(status)
      ending = ending.then(() => ended)
      told.outcomes.push(message.outcome)
      if (!quiet) printOutcome(message.outcome)
    } else if (message.type === 'asserts') {
      told.assertions.push(...message.assertions)
      if (!quiet) for (const assertion of message.assertions) print(assertionLine(assertion))
    } else if (message.type === 'grid') {
      told.grids.push(message.table)
      if (!quiet) print(gridText(message.table))
    }
  }
  try {
    await new Promise<void>((done, refuse) => {
      worker.on('message', (message: Message) => {
        if (message.type !== 'error') return tell(message)
        const { kind, message: text, stack } = message
        refuse(kind === 'usage' ? new UsageError(text) : Object.assign(new Error(text), { stack: stack ?? text }))
      })
      worker.on('error', refuse)
      // A user's code may end its thread by process.exit.
      worker.on('exit', (code) =>
        code === 0 ? done() : refuse(new Error(`the training thread ended with code ${code} before the training did`)),
      )
    })
  } finally {
    watching.stop()
    for (const signal of SIGNALS) process.off(signal, onSignal)
    await worker.terminate()
    await ending
    // One that has not ended has failed.
    await places.end('failed')
  }
}
