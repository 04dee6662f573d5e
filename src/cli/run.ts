import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import { INTERRUPTED } from './interrupts.ts'
import { assignment, positive, wholeNumber } from './parse.ts'
import type { Setting } from './training/protocol.ts'
import { runTask } from './training/task.ts'
import { mlflowExperimentOption, mlflowOption, tensorBoardOption, WATCH_HELP, watchOption } from './watch/options.ts'

/** `path=value` of an experiment. */
export const parseSetting: (text: string) => Setting = assignment('--set', 'optimizer.lr=0.01')

const noSettings: readonly Setting[] = []

export const runCommand = new Command('run')
  .description('Train an experiment and keep the run: metrics, weights, predictions, model.onnx and a report')
  .argument('<file>', 'TypeScript file whose default export is an experiment, or a grid of them')
  .option('--epochs <n>', 'passes over the training split, instead of the experiment’s', wholeNumber('--epochs', 1))
  .option('--seed <n>', 'one seed, instead of the experiment’s', wholeNumber('--seed', 0))
  .option(
    '--set <path=value>',
    'change one setting; may be given more than once',
    (text: string, before: readonly Setting[]) => [...before, parseSetting(text)],
    noSettings,
  )
  .option(
    '--missing',
    'train only what has no finished run yet, and go on with what was interrupted; a grid does so anyway',
  )
  .option('--fresh', 'of a grid, train also what has finished runs already')
  .option(
    '--jobs <n>',
    'trainings at a time, of several seeds or cells; default: one a core, and 2 GB of memory each',
    wholeNumber('--jobs', 1),
  )
  .option(
    '--threads <n>',
    'threads inside one op; default: all cores for one training, else cores divided by jobs',
    wholeNumber('--threads', 1),
  )
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option(
    '--checkpoint-every <seconds>',
    'time between two checkpoints; default 5, and more where they take long',
    positive('--checkpoint-every'),
  )
  .option('--json', 'print the outcome of every run as JSON, losses of all steps included')
  .addOption(watchOption)
  .addOption(tensorBoardOption)
  .addOption(mlflowOption)
  .addOption(mlflowExperimentOption)
  .addHelpText(
    'after',
    `
Examples:
  assay run examples/mnist-convnet.ts
  assay run examples/mnist-convnet.ts --epochs 1 --seed 7 --set optimizer.lr=0.01 --json
  assay run examples/mnist-convnet.ts --watch json 2> events.jsonl
  assay run examples/mnist-convnet.ts --tensorboard logs --mlflow http://localhost:5000
${WATCH_HELP}
Ctrl-C stops after the step under way and keeps the run, and assay resume goes on with it; pressed again, it stops at once.
Exit code: 0 done, 1 failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (file, { fresh = false, missing = false, epochs, seed, set, runs, ...options }) => {
    if (fresh && missing) throw new UsageError('run: --missing and --fresh are opposites: give one of them')
    const task = {
      file: resolve(file),
      root: resolve(runs),
      ...((fresh || missing) && { repeats: fresh }),
      settings: [
        ...set,
        ...(epochs === undefined ? [] : [setting('epochs', epochs)]),
        ...(seed === undefined ? [] : [setting('seeds', [seed])]),
      ],
    }
    await runTask(task, options)
  })

const setting = (path: string, value: Setting[1]): Setting => [path, value]
