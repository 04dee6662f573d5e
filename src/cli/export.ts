import { join, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import {
  type Damaged,
  exportViews,
  listRuns,
  mlflowSink,
  type OpenSink,
  openRuns,
  type Run,
  sendRun,
  tensorBoardSink,
} from '../runs/index.ts'
import { bundleCommand } from './exportBundle.ts'
import { exportNetwork } from './exportNetwork.ts'
import { note, print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'

export const exportCommand = new Command('export')
  // Options before `bundle` are of this command, those after it of the other.
  .enablePositionalOptions()
  .addCommand(bundleCommand)
  .description('Write what other programs take: the network, one training step, the weights; metrics and predictions')
  .argument('[runs...]', 'ids, beginnings of ids, folders, "latest"; names of experiments or grids for all their runs')
  .option('--model <file>', 'the trained network with its preparation inside, for any ONNX runtime (.onnx)')
  .option('--weights <file>', 'weights and running statistics by PyTorch’s names (.safetensors)')
  .option('--train-step <file>', 'one training step up to the gradients, for any ONNX runtime (.onnx)')
  .option('--update', 'put the optimiser’s update inside the training step')
  .option('--batch <n>', 'samples in a training step, instead of the experiment’s', wholeNumber('--batch', 1))
  .option('--file <file>', 'experiment file of the run, where it is no longer in its place; for --train-step')
  .option('--csv <folder>', 'runs, metrics, predictions, summary and seeds as CSV files')
  .option('--parquet <folder>', 'the same as Parquet files')
  .option('--tensorboard <folder>', 'the metrics as event files for TensorBoard: <folder>/<run>/<split>')
  .option('--mlflow <url>', 'send runs that have ended to an MLflow server; one that is there gets what it lacks')
  .option('--mlflow-experiment <name>', 'experiment on that server (default: that of each run)')
  .option('--all', 'all runs of the folder')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print what was written as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay export latest --model net.onnx --weights net.safetensors
  assay export latest --train-step step.onnx --update --batch 32
  assay export --all --parquet tables
  assay export sinc mnist-convnet --tensorboard logs --mlflow http://localhost:5000
  assay export bundle grid:cnn-comparison --name ada_lovelace_hw2 --verify

The training step holds no weights: it takes them by name, as the file of --weights has them, and gives gradients
(grad.NAME) or, with --update, what to feed next (new.NAME). Its metadata says what its other inputs are.
The columns of the CSV and Parquet files are those of the views of assay sql: assay sql --views.`,
  )
  .action(async (names, options) => {
    const { model, weights, trainStep, update = false, batch, file, all = false, json = false } = options
    const { csv, parquet, tensorboard, mlflow, mlflowExperiment: experiment } = options
    const network = [model, weights, trainStep].some((path) => path !== undefined)
    if (!network && [csv, parquet, tensorboard, mlflow].every((place) => place === undefined))
      throw new UsageError(
        'export: say what to write, with --model, --weights, --train-step, --csv, --parquet, --tensorboard or --mlflow',
      )
    if (trainStep === undefined && (update || batch !== undefined || file !== undefined))
      throw new UsageError('export: --update, --batch and --file are for --train-step, which is not there')
    if (mlflow === undefined && experiment !== undefined)
      throw new UsageError('export: --mlflow-experiment is for --mlflow, which is not there')
    const root = resolve(options.runs)
    const { runs, damaged } = await chosen(root, names, all)
    const [first] = runs
    if (first === undefined) throw new UsageError(`export: there are no runs in ${root}`)
    if (network && runs.length > 1)
      throw new UsageError(`export: --model, --weights and --train-step are of one run, and ${runs.length} are meant`)
    // A server that cannot be used is found before anything is written.
    const server =
      mlflow === undefined ? [] : [await mlflowSink(mlflow, experiment === undefined ? {} : { experiment })]
    const step = { update, ...(batch !== undefined && { batch }) }
    const files = network ? await exportNetwork(first, { model, weights, trainStep, step, file }) : []
    const leftOut: Damaged[] = [...damaged]
    const views: { readonly path: string; readonly rows: number }[] = []
    for (const [folder, format] of [[csv, 'csv'] as const, [parquet, 'parquet'] as const]) {
      if (folder === undefined) continue
      const written = await exportViews(runs, resolve(folder), format)
      views.push(...written.files)
      leftOut.push(...written.leftOut)
    }
    const events = tensorboard === undefined ? [] : [tensorBoardSink(tensorboard)]
    if (events.length > 0) leftOut.push(...(await sendAll(events, runs)))
    if (server.length > 0) leftOut.push(...(await sendAll(server, runs.filter(hasEnded))))
    const running = mlflow === undefined ? [] : runs.filter((run) => !hasEnded(run))
    for (const { id, folder } of running)
      leftOut.push({ folder, reason: `run ${id} has not ended: send it when it has` })
    if (json)
      printJson({
        ...(runs.length === 1 && { run: first.id }),
        runs: runs.map(({ id }) => id),
        ...{ files, views, leftOut },
        ...(tensorboard !== undefined && { tensorboard: runs.map(({ id }) => join(resolve(tensorboard), id)) }),
        ...(mlflow !== undefined && { mlflow: runs.filter(hasEnded).map(({ id }) => id) }),
      })
    else {
      for (const { path, bytes } of files) print(`${path}  ${(bytes / 1024).toFixed(1)} kB`)
      for (const { path, rows } of views) print(`${path}  ${counted(rows, 'row')}`)
      if (tensorboard !== undefined)
        print(
          runs.length === 1
            ? join(resolve(tensorboard), first.id)
            : `${resolve(tensorboard)}  ${counted(runs.length, 'run')}`,
        )
      if (mlflow !== undefined) print(`${mlflow}  ${counted(runs.filter(hasEnded).length, 'run')}`)
      for (const { folder, reason } of leftOut) note(`left out: ${folder}: ${reason}`)
    }
    // What was asked for by name and is not there is a failure; among all runs it is told of.
    if (leftOut.length > 0 && !all) process.exitCode = 1
  })

const hasEnded = ({ manifest }: Run): boolean => manifest.status !== 'running'

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`

/** The runs that are meant, and folders that cannot be read. */
async function chosen(
  root: string,
  names: readonly string[],
  all: boolean,
): Promise<{ readonly runs: readonly Run[]; readonly damaged: readonly Damaged[] }> {
  if (all !== (names.length === 0))
    throw new UsageError('export: say which runs, by their ids or as "latest", or --all of them')
  if (all) return listRuns(root)
  const { groups, damaged } = await openRuns(root, names)
  return { runs: [...new Map(groups.flatMap((group) => group.runs.map((run) => [run.id, run]))).values()], damaged }
}

/** Hands runs to places, one after the other, and says what did not arrive. */
async function sendAll(places: readonly OpenSink[], runs: readonly Run[]): Promise<Damaged[]> {
  const faults: Damaged[] = []
  for (const open of places)
    for (const run of runs)
      try {
        for (const reason of await sendRun(open, run)) faults.push({ folder: run.folder, reason })
      } catch (error) {
        if (!(error instanceof UsageError) || runs.length === 1) throw error
        faults.push({ folder: run.folder, reason: error.message })
      }
  return faults
}
