import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { decodeStateDict, encodeStateDict } from '../nn/index.ts'
import { openRun, prepareRun, type Run, readMetrics, tensorBoardSink, weightsOnly } from '../runs/index.ts'
import { trainStepOnnx } from '../train/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'

export const exportCommand = new Command('export')
  .description('Write what other programs take: the network, one training step, the weights')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--model <file>', 'the trained network with its preparation inside, for any ONNX runtime (.onnx)')
  .option('--weights <file>', 'weights and running statistics by PyTorch’s names (.safetensors)')
  .option('--tensorboard <folder>', 'the metrics as event files for TensorBoard: <folder>/<run>/<split>')
  .option('--train-step <file>', 'one training step up to the gradients, for any ONNX runtime (.onnx)')
  .option('--update', 'put the optimiser’s update inside the training step')
  .option('--batch <n>', 'samples in a training step, instead of the experiment’s', wholeNumber('--batch', 1))
  .option('--file <file>', 'experiment file of the run, where it is no longer in its place; for --train-step')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print what was written as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay export latest --model net.onnx --weights net.safetensors
  assay export latest --train-step step.onnx --update --batch 32
  assay export latest --tensorboard logs

The training step holds no weights: it takes them by name, as the file of --weights has them, and gives gradients
(grad.NAME) or, with --update, what to feed next (new.NAME). Its metadata says what its other inputs are.`,
  )
  .action(async (name, options) => {
    const { model, weights, tensorboard, trainStep, update = false, batch, file, runs: root, json = false } = options
    if (model === undefined && weights === undefined && trainStep === undefined && tensorboard === undefined)
      throw new UsageError('export: say what to write, with --model, --weights, --train-step or --tensorboard')
    if (trainStep === undefined && (update || batch !== undefined || file !== undefined))
      throw new UsageError('export: --update, --batch and --file are for --train-step, which is not there')
    const run = await openRun(resolve(root), name)
    const wanted: readonly (readonly [string | undefined, () => Promise<Uint8Array>])[] = [
      [model, () => modelOf(run)],
      [weights, () => weightsOf(run)],
      [trainStep, () => stepOf(run, { update, ...(batch !== undefined && { batch }) }, file)],
    ]
    const targets = wanted.flatMap(([path, make]) => (path === undefined ? [] : [{ path: resolve(path), make }]))
    await checkTargets(targets.map(({ path }) => path))
    // Everything is made before anything is written.
    const files: { readonly path: string; readonly bytes: Uint8Array }[] = []
    for (const { path, make } of targets) files.push({ path, bytes: await make() })
    for (const { path, bytes } of files) await writeFileAtomic(path, Buffer.from(bytes))
    const events = tensorboard === undefined ? undefined : await writeEvents(run, resolve(tensorboard))
    if (json)
      printJson({
        run: run.id,
        files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length })),
        ...(events !== undefined && { tensorboard: events }),
      })
    else {
      for (const { path, bytes } of files) print(`${path}  ${(bytes.length / 1024).toFixed(1)} kB`)
      if (events !== undefined) print(events)
    }
  })

/** Writes a run's metrics for TensorBoard, and says into which folder. */
async function writeEvents(run: Run, folder: string): Promise<string> {
  const records = await readMetrics(run)
  tensorBoardSink(folder)({ ...run, steps: 0, records }, (text) => {
    throw new Error(text)
  })
  return join(folder, run.id)
}

/** @throws UsageError where two files have one path, or one cannot stand where it should */
async function checkTargets(paths: readonly string[]): Promise<void> {
  for (const [i, path] of paths.entries()) {
    if (paths.indexOf(path) < i) throw new UsageError(`export: ${path} is to be two files: give each its own`)
    const folder = await stat(dirname(path)).catch(() => undefined)
    if (folder === undefined || !folder.isDirectory())
      throw new UsageError(`export: there is no folder ${dirname(path)}: make it first`)
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new UsageError(`export: ${path} is a folder: give a file in it`)
  }
}

/** A file of the run, if there is one. */
async function fileOf({ folder }: Run, name: string): Promise<Uint8Array | undefined> {
  return readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

async function modelOf(run: Run): Promise<Uint8Array> {
  const bytes = await fileOf(run, 'model.onnx')
  if (bytes !== undefined) return bytes
  throw new UsageError(
    `run ${run.id} (${run.manifest.status}) has no model.onnx, which is written when a run finishes: export its --weights`,
  )
}

async function weightsOf(run: Run): Promise<Uint8Array> {
  const bytes =
    (await fileOf(run, 'checkpoints/final.safetensors')) ?? (await fileOf(run, 'checkpoints/last.safetensors'))
  if (bytes === undefined)
    throw new UsageError(`run ${run.id} (${run.manifest.status}) has no checkpoint yet: let it finish an epoch`)
  return encodeStateDict(weightsOnly(decodeStateDict(bytes)), { run: run.id, config: run.manifest.configHash })
}

async function stepOf(
  run: Run,
  options: { readonly update: boolean; readonly batch?: number },
  file: string | undefined,
): Promise<Uint8Array> {
  const experiment = await experimentOfRun(run, file)
  const metadata = { run: run.id, config: run.manifest.configHash }
  return trainStepOnnx(experiment, await prepareRun(experiment, run), { ...options, metadata })
}
