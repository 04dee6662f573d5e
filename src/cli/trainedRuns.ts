import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command, OptionValues } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import { openRun, openRuns, type Run } from '../runs/index.ts'
import type { Json } from '../train/index.ts'
import { INTERRUPTED } from './interrupts.ts'
import { outcomeText } from './outcome.ts'
import { assignment, seedList, wholeNumber } from './parse.ts'
import type { Axes, CellResults, NewRuns, Result, Setting } from './training/protocol.ts'
import { leftText } from './training/task.ts'
import { type TrainOptions, train } from './training/train.ts'
import { watcher } from './watch/watcher.ts'

/** Runs that differ in their seed alone. */
export interface TrainedCell {
  /** The experiment's. */
  readonly name: string
  /** What tells it from the others: `batchSize 64`; the experiment's name where there is nothing. */
  readonly label: string
  /** By axis, as in a grid. */
  readonly labels: Readonly<Record<string, string>>
  /** In the order of the seeds; of a file all have finished. */
  readonly runs: readonly Run[]
  /** Trainings that came to nothing: their numbers stopped being finite, or they failed. */
  readonly lost: readonly { readonly seed: number; readonly status: 'diverged' | 'failed' }[]
}

export interface TrainedRunsOptions extends TrainOptions {
  /** Folder that holds the runs. */
  readonly runs: string
  /** Settings that replace the file's, in order: `[['seeds', [0, 1, 2]], ['epochs', 5]]`. */
  readonly settings?: readonly Setting[]
  /** Values of settings: each combination is a cell, as in a grid, in this order: `{ batchSize: [16, 64] }`. */
  readonly axes?: Axes
  /** Nothing is told on standard error while it trains. */
  readonly isQuiet?: boolean
}

/**
 * Runs that a command compares, by what a person calls them: an experiment's file, or what has been trained already (a run, its id,
 * an experiment's name, a group, `grid:NAME`). Of a file is trained what has no finished run yet, as `assay run --missing` does: with
 * progress, several at a time, and what was interrupted is gone on with. Nothing is written to standard output.
 *
 * @returns cells in the order of the file's and of the axes, those of files before those of names; undefined where it was interrupted: the exit code is set, and there is
 * nothing left to do
 * @throws UsageError where something is not there, where settings are given for what has been trained, or where no training of a file
 * came to its end
 * @example
 * const cells = await trainedRuns(['exp.ts'], { runs: 'runs', settings: [['seeds', [0, 1]]], axes: { batchSize: [16, 64] } })
 * if (cells === undefined) return
 * for (const { label, runs } of cells) for (const run of runs) console.log(label, run.manifest.seed, run.folder)
 */
export async function trainedRuns(
  references: readonly string[],
  { runs, settings = [], axes = {}, isQuiet = false, ...training }: TrainedRunsOptions,
): Promise<readonly TrainedCell[] | undefined> {
  const root = resolve(runs)
  const cells: TrainedCell[] = []
  const names = references.filter((reference) => !isFile(reference))
  if (names[0] !== undefined) requireFile(names[0], [...settings.map(([path]) => path), ...Object.keys(axes)])
  for (const reference of references.filter(isFile)) {
    const task = { file: resolve(reference), root, settings, axes, repeats: false, tellsAll: false }
    const results = await trained(task, training, isQuiet)
    if (results === undefined) return undefined
    const own = await Promise.all(results.map((cell) => opened(root, cell)))
    if (own.every((cell) => cell.runs.length === 0))
      throw new UsageError(`no training of ${reference} came to its end: there is nothing to look at`)
    cells.push(...own)
  }
  if (names.length === 0) return cells
  const { groups } = await openRuns(root, names)
  return [
    ...cells,
    ...groups.map(({ name, label, runs: own }) => ({
      ...{ name, label, labels: own[0]?.manifest.grid?.labels ?? {}, runs: own, lost: [] },
    })),
  ]
}

/** Options of commands that train what they look at. */
export const trainingOptions = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command
    .option(
      '--set <path=value>',
      'of a file, change one setting; may be given more than once',
      (text: string, before: readonly Setting[]) => [...before, assignment('--set', 'optimizer.lr=0.01')(text)],
      noSettings,
    )
    .option('--seeds <list>', 'of a file, seeds in place of the experiment’s, as in 0,1,2', seedList('--seeds'))
    .option('--jobs <n>', 'trainings at a time; default: one a core, and 2 GB of memory each', wholeNumber('--jobs', 1))
    .option('--threads <n>', 'threads inside one op; default: cores divided by jobs', wholeNumber('--threads', 1))
    .option('--runs <folder>', 'folder that holds the runs', 'runs')

/** `--axis batchSize=64,1024` of commands that compare trainings of one file; several are combined. */
export const axisOption = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command.option(
    '--axis <setting=values>',
    'of a file, train it with each of these values of a setting; may be given more than once',
    (text: string, before: Axes): Axes => {
      const [path, values] = assignment('--axis', 'batchSize=64,1024')(text)
      const each = typeof values === 'string' ? values.split(',').map(asJson) : [values]
      return { ...before, [path]: each }
    },
    noAxes,
  )

const noAxes: Axes = {}

/** `64` is a number, `relu` a text. */
function asJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text.trim()
  }
}

const noSettings: readonly Setting[] = []

/** What {@link trainingOptions} gave, for {@link trainedRuns}. */
export const asTrained = ({
  set,
  seeds,
  jobs,
  threads,
  runs,
}: {
  readonly set: readonly Setting[]
  readonly seeds?: readonly number[] | undefined
  readonly jobs?: number | undefined
  readonly threads?: number | undefined
  readonly runs: string
}): TrainedRunsOptions => ({
  ...{ runs, jobs, threads },
  settings: [...set, ...(seeds === undefined ? [] : [['seeds', [...seeds]] satisfies Setting])],
})

const isFile = (path: string): boolean =>
  /\.[cm]?[jt]s$/.test(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true

function requireFile(reference: string, [first]: readonly string[]): void {
  if (first !== undefined)
    throw new UsageError(
      `${first} cannot be changed in "${reference}", which has been trained: give the experiment’s file, and it is trained so`,
    )
}

async function trained(
  task: NewRuns,
  options: TrainOptions,
  isQuiet: boolean,
): Promise<readonly CellResults[] | undefined> {
  const watching = watcher(isQuiet ? 'none' : process.stderr.isTTY ? 'bar' : 'plain')
  const come = await train(task, options, {
    watching,
    places: { isWanted: false, tell: () => {}, end: async () => {} },
    onPlan: ({ turns, known }) => {
      if (known.length > 0 && turns.length > 0)
        watching.note(`${known.length} of ${turns.length + known.length} runs are there already`)
    },
    onTold: (message) => {
      if (message.type === 'end' && message.outcome.status === 'finished' && message.outcome.title !== undefined)
        watching.note(outcomeText(message.outcome))
    },
  })
  if (!come.isStopped) return come.cells
  watching.note(come.left.length > 0 ? `${leftText(come)} goes on` : 'stopped; the same command goes on')
  process.exitCode = INTERRUPTED
  return undefined
}

async function opened(root: string, { name, labels, results }: CellResults): Promise<TrainedCell> {
  const finished = results.flatMap(({ run, status }) => (run !== undefined && status === 'finished' ? [run] : []))
  const texts = Object.entries(labels).map(([axis, value]) => (axis === 'experiment' ? value : `${axis} ${value}`))
  return {
    name,
    label: texts.length === 0 ? name : texts.join(', '),
    labels,
    runs: await Promise.all(finished.map(({ id }) => openRun(root, id))),
    lost: results.flatMap(({ seed, status }: Result) =>
      status === 'diverged' || status === 'failed' ? [{ seed, status }] : [],
    ),
  }
}
