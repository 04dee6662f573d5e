import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import type { LeftOut } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import type { EpochReport } from '../train/index.ts'
import { loading } from './loading.ts'
import { metric, note, percent, print, printJson, seconds, table } from './output.ts'
import { wholeNumber } from './parse.ts'
import { type Progress, progress } from './progress.ts'
import type { Job, Message, Outcome, Setting } from './protocol.ts'

/** Exit code of a command that a signal ended, as shells have it. */
const INTERRUPTED = 130

/** `path=value`; the value is read as JSON where it is JSON, else as text. */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`--set ${text}: write path=value, for instance --set optimizer.lr=0.01`)
  const raw = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(raw)]
  } catch {
    return [text.slice(0, at), raw]
  }
}

const noSettings: readonly Setting[] = []

export const runCommand = new Command('run')
  .description('Train an experiment and keep the run: metrics, weights, predictions, model.onnx and a report')
  .argument('<file>', 'TypeScript file whose default export is an experiment')
  .option('--epochs <n>', 'passes over the training split, instead of the experiment’s', wholeNumber('--epochs', 1))
  .option('--seed <n>', 'one seed, instead of the experiment’s', wholeNumber('--seed', 0))
  .option(
    '--set <path=value>',
    'change one setting; may be given more than once',
    (text: string, before: readonly Setting[]) => [...before, parseSetting(text)],
    noSettings,
  )
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print the outcome of every run as JSON, losses of all steps included')
  .addHelpText(
    'after',
    `
Examples:
  assay run examples/mnist-convnet.ts
  assay run examples/mnist-convnet.ts --epochs 1 --seed 7 --set optimizer.lr=0.01 --json

Ctrl-C stops after the step under way and keeps the run; pressed again, it stops at once.
Exit code: 0 done, 1 failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (file, { epochs, seed, set, runs, json = false }) => {
    const job: Job = {
      file: resolve(file),
      root: resolve(runs),
      settings: [
        ...set,
        ...(epochs === undefined ? [] : [setting('epochs', epochs)]),
        ...(seed === undefined ? [] : [setting('seeds', [seed])]),
      ],
      stop: new SharedArrayBuffer(4),
    }
    const outcomes: Outcome[] = []
    try {
      await train(job, json, outcomes)
    } catch (error) {
      if (json) printJson({ runs: outcomes, error: error instanceof Error ? error.message : String(error) })
      throw error
    }
    if (json) printJson({ runs: outcomes })
    if (wasStopped(job)) process.exitCode = INTERRUPTED
    if (wasStopped(job) && outcomes.length === 0) note('stopped before training began; no run was made')
  })

const setting = (path: string, value: Setting[1]): Setting => [path, value]

const wasStopped = ({ stop }: Job): boolean => Atomics.load(new Int32Array(stop), 0) !== 0

/** Signals that end a session or a terminal; each stops the training after the step under way. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs the job in its thread, showing progress, and adds the outcome of each run as it ends. */
async function train(job: Job, quiet: boolean, outcomes: Outcome[]): Promise<void> {
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
      case 'start':
        if (!quiet)
          note(
            `${pc.bold(message.name)}, seed ${message.seed}${message.turns > 1 ? ` (${message.turn} of ${message.turns})` : ''}: ` +
              `${counted(message.parameters, 'parameter')}, ${counted(message.samples, 'training sample')}, ` +
              `${counted(message.epochs, 'epoch')} of ${counted(message.stepsPerEpoch, 'step')}`,
          )
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

function leftOutLine({ count, first }: { readonly count: number; readonly first: readonly LeftOut[] }): string {
  const some = first.map(({ item, reason }) => `${item}: ${reason}`).join('; ')
  return `left out of the data: ${count.toLocaleString('en')} (${some}${count > first.length ? '; …' : ''}); all are in the run’s left-out.json`
}

function epochLine({ epoch, train, validation }: EpochReport): string {
  const part = (split: string, scores: Readonly<Record<string, number>>): string =>
    `${split} ${Object.entries(scores)
      .map(([name, value]) => `${name} ${metric(name, value)}`)
      .join(', ')}`
  return `epoch ${epoch}: ${part('train', train)}${validation ? ` · ${part('validation', validation)}` : ''}`
}

function printOutcome({ status, folder, report, test, classification, seconds: took, steps }: Outcome): void {
  if (status === 'interrupted') {
    print(`\nInterrupted after ${steps} steps; the run is kept in ${folder}`)
    return
  }
  if (classification !== undefined) {
    const { accuracy, classes, confusion } = classification
    print(
      `\n${pc.bold(`Test accuracy ${percent(accuracy.value)}`)} (95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)}, ` +
        `${accuracy.n.toLocaleString('en')} samples)`,
    )
    print('\nConfusion matrix: a row for each true class, a column for each predicted one')
    print(
      table(
        [{ head: '', align: 'right' }, ...classes.map((head) => ({ head, align: 'right' as const }))],
        confusion.map((row, i) => [classes[i] ?? '', ...row.map((n) => (n === 0 ? '·' : String(n)))]),
      ),
    )
  }
  if (test !== undefined)
    print(
      `\nTest: ${Object.entries(test)
        .map(([name, value]) => `${name} ${metric(name, value)}`)
        .join(', ')}`,
    )
  print(`Trained and tested in ${seconds(took)}`)
  print(`Run:    ${folder}`)
  if (report !== undefined) print(`Report: ${report}`)
}
