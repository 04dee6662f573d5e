import { Worker } from 'node:worker_threads'
import pc from 'picocolors'
import type { LeftOut } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import type { Assertion } from '../train/index.ts'
import { loading } from './loading.ts'
import { assertionLine, epochLine, printOutcome } from './outcome.ts'
import { note, print, printJson } from './output.ts'
import { type Progress, progress } from './progress.ts'
import type { Job, Message, Outcome, Task } from './protocol.ts'

/** Exit code of a command that a signal ended, as shells have it. */
export const INTERRUPTED = 130

/** Signals that end a session or a terminal; each stops the training after the step under way. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Trains, shows how far it has come, and prints what came of it. */
export async function runTask(
  task: Task,
  {
    json = false,
    checkpointEvery,
  }: { readonly json?: boolean | undefined; readonly checkpointEvery?: number | undefined },
): Promise<void> {
  const stop = new SharedArrayBuffer(4)
  const job: Job = { ...task, ...(checkpointEvery !== undefined && { checkpointEvery }), stop }
  const outcomes: Outcome[] = []
  const assertions: Assertion[] = []
  try {
    await train(job, json, outcomes, assertions)
  } catch (error) {
    if (json) printJson({ runs: outcomes, error: error instanceof Error ? error.message : String(error) })
    throw error
  }
  if (json) printJson({ runs: outcomes, ...(assertions.length > 0 && { assertions }) })
  if (assertions.some(({ holds }) => !holds)) process.exitCode = 1
  const wasStopped = Atomics.load(new Int32Array(job.stop), 0) !== 0
  if (wasStopped) process.exitCode = INTERRUPTED
  if (wasStopped && outcomes.length === 0) note('stopped before training began; no run was made')
}

/** Runs the job in its thread, showing progress, and adds the outcome of each run as it ends. */
async function train(job: Job, quiet: boolean, outcomes: Outcome[], assertions: Assertion[]): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job })
  let shown: Progress | undefined
  const loads = loading()
  const stop = new Int32Array(job.stop)
  const onSignal = (): void => {
    // Asked twice, it stops at once. Leaving in good order is not possible while native code computes in the other thread.
    if (Atomics.exchange(stop, 0, 1) !== 0) process.kill(process.pid, 'SIGKILL')
    const text = 'stopping after this step; a run that has begun is kept (once more: stop at once)'
    if (shown === undefined) note(text)
    else shown.line(text)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)

  const tell = (message: Exclude<Message, { type: 'error' }>): void => {
    if (message.type !== 'load') loads.stop()
    switch (message.type) {
      case 'load':
        if (!quiet) loads.at(message.progress)
        return
      case 'note':
        if (!quiet) note(message.text)
        return
      case 'start':
        if (!quiet) note(startLine(message))
        if (!quiet && message.turn === 1 && message.leftOut.count > 0) note(leftOutLine(message.leftOut))
        shown = quiet ? undefined : progress(message)
        return
      case 'step':
        shown?.step(message)
        return
      case 'epoch':
        shown?.epoch(epochLine(message.report), message.report.epoch)
        return
      case 'end':
        shown?.stop()
        shown = undefined
        outcomes.push(message.outcome)
        if (!quiet) printOutcome(message.outcome)
        return
      case 'asserts':
        assertions.push(...message.assertions)
        if (!quiet) for (const assertion of message.assertions) print(assertionLine(assertion))
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
      worker.on('exit', () => done())
    })
  } finally {
    loads.stop()
    shown?.stop()
    for (const signal of SIGNALS) process.off(signal, onSignal)
    await worker.terminate()
  }
}

const counted = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`

function startLine(message: Extract<Message, { type: 'start' }>): string {
  const { name, seed, turn, turns, parameters, samples, epochs, stepsPerEpoch, step } = message
  return (
    `${pc.bold(name)}, seed ${seed}${turns > 1 ? ` (${turn} of ${turns})` : ''}: ${counted(parameters, 'parameter')}, ` +
    `${counted(samples, 'training sample')}, ${counted(epochs, 'epoch')} of ${counted(stepsPerEpoch, 'step')}` +
    `${step > 0 ? `; going on after step ${step.toLocaleString('en')}` : ''}`
  )
}

function leftOutLine({ count, first }: { readonly count: number; readonly first: readonly LeftOut[] }): string {
  const some = first.map(({ item, reason }) => `${item}: ${reason}`).join('; ')
  return `left out of the data: ${count.toLocaleString('en')} (${some}${count > first.length ? '; …' : ''}); all are in the run’s left-out.json`
}
