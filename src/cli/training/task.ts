import { UsageError } from '../../errors.ts'
import type { Assertion } from '../../train/index.ts'
import { INTERRUPTED, SIGNALS } from '../interrupts.ts'
import { assertionLine, gridText, outcomeText } from '../outcome.ts'
import { print, printJson } from '../output.ts'
import { type Watch, type Watcher, watcher } from '../watch/watcher.ts'
import type { GridTable, Job, Outcome, Plan, Result, Task, Turn } from './protocol.ts'
import { startThread, type Told } from './thread.ts'
import { type Tracking, type TrackingOptions, tracking } from './tracking.ts'
import { workforce } from './workforce.ts'

export interface TaskOptions extends TrackingOptions {
  readonly json?: boolean | undefined
  /** Whether what comes of it is printed; default true. */
  readonly prints?: boolean | undefined
  readonly checkpointEvery?: number | undefined
  readonly watch?: Watch | undefined
  /** Trainings at a time. */
  readonly jobs?: number | undefined
  /** Threads inside one op. */
  readonly threads?: number | undefined
}

/** Trains, shows how far it has come, and prints what came of it. */
export async function runTask(task: Task, options: TaskOptions): Promise<void> {
  const {
    json = false,
    prints = true,
    checkpointEvery,
    watch = json ? 'none' : process.stderr.isTTY ? 'bar' : 'plain',
  } = options
  const watching = watcher(watch)
  const stop = new SharedArrayBuffer(4)
  const come: Come = { outcomes: new Map(), assertions: [], grids: [], isFailed: false }
  const outcomes = (): Outcome[] => [...come.outcomes].sort(([one], [other]) => one - other).map(([, of]) => of)
  try {
    const places = await tracking(options, watching.note)
    const job = { ...task, ...(checkpointEvery !== undefined && { checkpointEvery }), isTracked: places.isWanted, stop }
    await train(job, { ...options, json, watching, places }, come)
  } catch (error) {
    if (json && prints) printJson({ runs: outcomes(), error: error instanceof Error ? error.message : String(error) })
    if (watching.fail === undefined) throw error
    watching.fail(error)
    process.exitCode = error instanceof UsageError ? 2 : 1
    return
  }
  const { assertions, grids } = come
  const [table] = grids
  if (json && prints)
    printJson({
      runs: outcomes(),
      ...(assertions.length > 0 && { assertions }),
      ...(table && { [table.axes.length > 0 ? 'grid' : 'seeds']: table }),
    })
  if (come.isFailed || assertions.some(({ holds }) => !holds)) process.exitCode = 1
  const wasStopped = Atomics.load(new Int32Array(stop), 0) !== 0
  if (wasStopped) process.exitCode = INTERRUPTED
  if (wasStopped && come.outcomes.size === 0 && grids.length === 0)
    watching.note('stopped before training began; no run was made')
}

/** What came of a task. */
interface Come {
  /** By place among the trainings. */
  readonly outcomes: Map<number, Outcome>
  readonly assertions: Assertion[]
  readonly grids: GridTable[]
  /** Whether a training failed, or an experiment, which is meant to train with every seed, diverged with one. */
  isFailed: boolean
}

interface Around extends Pick<TaskOptions, 'jobs' | 'threads'> {
  readonly json: boolean
  readonly watching: Watcher
  readonly places: Tracking
}

/** Runs the job in its threads, tells all who follow it, and adds the outcome of each run as it ends. */
async function train(job: Omit<Job, 'plans'> & Task, around: Around, come: Come): Promise<void> {
  const { watching, places, json } = around
  const stop = new Int32Array(job.stop)
  const isStopped = (): boolean => Atomics.load(stop, 0) !== 0
  const onSignal = (): void => {
    // Asked twice, it stops at once. Leaving in good order is not possible while native code computes in another thread.
    if (Atomics.exchange(stop, 0, 1) !== 0) process.kill(process.pid, 'SIGKILL')
    watching.note('stopping after this step; a run that has begun is kept (once more: stop at once)')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)

  /** On a terminal, lines go above the bars of what is still being trained. */
  let say: (text: string) => void = print
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
      if (message.type === 'end') {
        endings.push(places.end(message.outcome.status, thread))
        come.outcomes.set(turnsOf[thread]?.index ?? 0, message.outcome)
        if (!json) say(outcomeText(message.outcome))
      } else if (message.type === 'asserts') {
        come.assertions.push(...message.assertions)
        if (!json) for (const assertion of message.assertions) say(assertionLine(assertion))
      } else if (message.type === 'grid') {
        come.grids.push(message.table)
        const isExperiment = message.table.axes.length === 0
        come.isFailed = message.table.rows.some(({ diverged, failed }) => failed > 0 || (isExperiment && diverged > 0))
        if (!json) say(`${gridText(message.table)}${message.report === undefined ? '' : `\nReport: ${message.report}`}`)
      }
    }
  const start = (plans: boolean, place: number) => startThread({ ...job, plans }, teller(place))
  const threads = [start(true, 0)]
  const [first] = threads
  try {
    const plan: Plan = (await first?.ready()) ?? { turns: [], known: [] }
    const all = plan.turns.length + plan.known.length
    if (plan.known.length > 0)
      watching.note(`${plan.known.length} of ${all} runs are there already; --fresh trains them again`)
    const { jobs, threads: each } = workforce(plan.turns.length, around)
    watching.tell({ type: 'plan', jobs, turns: plan.turns.length }, 0)
    if (jobs > 1 && process.stdout.isTTY) say = watching.note
    for (let place = 1; place < jobs; place++) threads.push(start(false, place))
    const queue = [...plan.turns]
    const results: Result[] = [...plan.known]
    const working = threads.map(async (thread, place) => {
      await thread.ready()
      while (!isStopped()) {
        const turn = queue.shift()
        if (turn === undefined) return
        turnsOf[place] = turn
        const result = await thread.order({
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
    say = print
    watching.stop()
    if (!isStopped()) await first?.order({ type: 'conclude', results })
    else if (queue.length > 0 && results.length > 0) watching.note(leftText(queue, plan))
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

/** What an interruption has left. */
function leftText(queue: readonly Turn[], { turns, known }: Plan): string {
  const seeds = [...new Set(queue.map(({ seed }) => seed))].join(', ')
  return `not begun: ${queue.length} of ${turns.length + known.length} runs (seeds ${seeds}); the same command with --missing goes on`
}
