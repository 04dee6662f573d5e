import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { openRun } from '../runs/index.ts'
import { INTERRUPTED } from './interrupts.ts'
import { positive } from './parse.ts'
import { runTask } from './training/task.ts'
import { mlflowExperimentOption, mlflowOption, tensorBoardOption, WATCH_HELP, watchOption } from './watch/options.ts'

export const resumeCommand = new Command('resume')
  .description('Go on with a run that was interrupted or killed: it ends bit for bit where the unbroken run would have')
  .argument('<run>', 'latest, an id, the beginning of one, or a run’s folder')
  .option('--file <path>', 'the experiment’s file, where it is not where the run was started from')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option(
    '--checkpoint-every <seconds>',
    'time between two checkpoints; default 5, and more where they take long',
    positive('--checkpoint-every'),
  )
  .option('--json', 'print the outcome as JSON, losses of all steps included')
  .addOption(watchOption)
  .addOption(tensorBoardOption)
  .addOption(mlflowOption)
  .addOption(mlflowExperimentOption)
  .addHelpText(
    'after',
    `
Examples:
  assay resume latest
  assay resume mnist-convnet-s0-20261121 --json
  assay resume latest --tensorboard logs --mlflow http://localhost:5000
${WATCH_HELP}
An experiment that has changed since is refused, with what has changed. Same bits need the same machine and versions.
Exit code: 0 done, 1 failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (reference, { file, runs, ...options }) => {
    const { folder } = await openRun(runs, reference)
    await runTask({ resume: folder, ...(file !== undefined && { file: resolve(file) }) }, options)
  })
