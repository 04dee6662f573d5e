import { UsageError } from '../errors.ts'
import { argmax, type SplitPredictions, softmax } from '../metrics/index.ts'
import { summary as summarizeModel } from '../nn/index.ts'
import { sizeOf } from '../tensor/index.ts'
import {
  configHash,
  DivergedError,
  describe,
  type EpochReport,
  type Experiment,
  type FitResult,
  fit,
  inferenceOnnx,
  type Position,
  type Prepared,
  preparedShape,
  type Scores,
  type State,
} from '../train/index.ts'
import { encodeCheckpoint } from './checkpoint.ts'
import type { NewManifest } from './manifest.ts'
import { type Predictions, writePredictions } from './predictions.ts'
import { codeState, lockFileHash, machineState, versionState } from './provenance.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'
import { createRun } from './store.ts'
import { encodeSummary, summarize } from './summary.ts'
import type { RunWriter } from './writer.ts'

export interface ExecuteOptions {
  /** Folder that holds the runs. */
  readonly root: string
  readonly seed: number
  /** The experiment's file, for the manifest. */
  readonly file?: string
  onStart?(start: {
    readonly id: string
    readonly folder: string
    readonly stepsPerEpoch: number
    readonly state: State
  }): void
  onStep?(step: Position & { readonly loss: number; readonly samples: number }): void
  onEpoch?(report: EpochReport): void
  shouldStop?(): boolean
}

/** A run that has ended, and what was computed on the way. */
export interface Execution {
  readonly id: string
  readonly folder: string
  readonly status: 'finished' | 'interrupted'
  readonly position: Position
  /** Loss of every step. */
  readonly losses: readonly number[]
  readonly epochs: readonly EpochReport[]
  readonly state: State
  /** Of a finished run: scores and predictions on the whole test split. */
  readonly test?: { readonly scores: Scores; readonly predictions: SplitPredictions }
}

/**
 * Trains one seed of an experiment and keeps everything in a new run folder: metrics as they come, a checkpoint after each
 * epoch, and at the end test predictions and `model.onnx`. The folder is made when the first step is about to be taken,
 * so an experiment that cannot run leaves nothing behind.
 */
export async function execute(
  experiment: Experiment,
  prepared: Prepared,
  { root, seed, file, ...hooks }: ExecuteOptions,
): Promise<Execution> {
  const manifest = await newManifest(experiment, prepared, seed, file)
  const origin = { configHash: manifest.configHash, seed }
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const records: MetricRecord[] = []
  const losses: number[] = []
  const epochs: EpochReport[] = []
  let pending: MetricRecord[] = []
  let run: RunWriter | undefined
  let stepsPerEpoch = 1

  const writer = (): RunWriter => {
    if (run === undefined) throw new Error('the run has no folder yet')
    return run
  }
  const note = (split: string, scores: Scores, { epoch, step }: Position): void => {
    for (const [name, value] of Object.entries(scores))
      pending.push({ step, epoch, split, name, value, time: seconds() })
  }
  const flush = async (): Promise<void> => {
    writer().log(pending)
    records.push(...pending)
    pending = []
    const perEpoch = records.filter(({ name }) => name !== BATCH_LOSS)
    await writer().writeJson('summary.json', encodeSummary(summarize(perEpoch)))
  }
  const checkpoint = (state: State, position: Position) =>
    writer().checkpoint('last', encodeCheckpoint(state, position, { run: writer().id, ...origin }))

  try {
    const result = await fit(experiment, prepared, seed, {
      onStart: async (start) => {
        run = await createRun(root, manifest)
        stepsPerEpoch = start.stepsPerEpoch
        hooks.onStart?.({ id: run.id, folder: run.folder, ...start })
      },
      onStep: (at) => {
        losses.push(at.loss)
        note('train', { [BATCH_LOSS]: at.loss }, { step: at.step, epoch: at.step / stepsPerEpoch })
        hooks.onStep?.(at)
      },
      onEpoch: async (report, state) => {
        note('train', report.train, report)
        if (report.validation !== undefined) note('validation', report.validation, report)
        await flush()
        await checkpoint(state, report)
        epochs.push(report)
        hooks.onEpoch?.(report)
      },
      ...(hooks.shouldStop && { shouldStop: hooks.shouldStop }),
    })
    const { status, position, state } = result
    const ended = { id: writer().id, folder: writer().folder, status, position, losses, epochs, state }
    if (status === 'interrupted') {
      await flush()
      await checkpoint(state, position)
      await writer().finish('interrupted')
      return ended
    }
    const test = prepared.test.indices.length === 0 ? undefined : await testOnce(experiment, prepared, result)
    if (test !== undefined) note('test', test.scores, position)
    await flush()
    await keepResults(writer(), prepared, state, test?.predictions)
    await writer().finish('finished')
    return { ...ended, ...(test && { test }) }
  } catch (error) {
    if (run === undefined) throw error
    const message = error instanceof Error ? error.message : String(error)
    writer().log(pending)
    await writer().finish('failed', message)
    if (error instanceof DivergedError || error instanceof UsageError) throw error
    throw new Error(`run ${writer().id} failed: ${message}`, { cause: error })
  }
}

/** The one look at the test split, with the weights that training ended with. */
async function testOnce({ metrics }: Experiment, prepared: Prepared, { evaluate }: FitResult) {
  const { loss, predictions } = await evaluate(prepared.test)
  const values = metrics.map((metric) => [metric.name, metric.compute(predictions)] as const)
  return { scores: { loss, ...Object.fromEntries(values) }, predictions }
}

async function keepResults(
  run: RunWriter,
  prepared: Prepared,
  state: State,
  predictions: SplitPredictions | undefined,
) {
  const { id, configHash: hash } = run.manifest
  await run.writeBytes('model.onnx', inferenceOnnx(prepared, state.variables, { run: id, config: hash }))
  await run.writeJson(
    'preparation.json',
    prepared.transforms.map(({ kind, state: learnt }) => ({ kind, ...learnt })),
  )
  if (predictions !== undefined)
    await writePredictions(`${run.folder}/predictions.parquet`, rowsOf(predictions, prepared))
}

function rowsOf(predictions: SplitPredictions, { target }: Prepared): Predictions {
  if (predictions.task === 'classification') {
    const { scores, classes, targets: label } = predictions
    return {
      task: 'classification',
      index: counting(label.length),
      label,
      predicted: argmax(scores, classes),
      probabilities: softmax(scores, classes),
      classCount: classes,
    }
  }
  const width = target.task === 'regression' ? sizeOf(target.shape) : 1
  return { ...predictions, index: counting(predictions.targets.length / width), width }
}

const counting = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)

async function newManifest(
  experiment: Experiment,
  prepared: Prepared,
  seed: number,
  file: string | undefined,
): Promise<NewManifest> {
  const { train, validation, test, target, network } = prepared
  const { shape } = train.dataset.inputs
  const table = summarizeModel(network.model, preparedShape(network, shape))
  const lock = await lockFileHash()
  return {
    name: experiment.name,
    experiment: describe(experiment),
    configHash: configHash(experiment, seed),
    seed,
    code: await codeState(file),
    ...(lock !== undefined && { lockFileHash: lock }),
    data: {
      name: train.dataset.name,
      fingerprint: { train: train.dataset.fingerprint, test: test.dataset.fingerprint },
      splits: { train: train.indices.length, validation: validation.indices.length, test: test.indices.length },
      ...(target.task === 'classification' && { classes: [...target.classes] }),
      inputShape: [...shape],
      inputDtype: prepared.inputDtype === 'uint8' ? 'uint8' : 'float32',
    },
    model: {
      name: network.model.kind,
      parameters: table.parameters,
      layers: table.rows.map(({ path, layer, outputShape, parameters, macs, receptiveField }) => ({
        name: path,
        layer,
        'output shape': outputShape.join('×'),
        parameters,
        MACs: macs,
        'receptive field': receptiveField?.join('×') ?? '',
      })),
    },
    machine: machineState(),
    versions: await versionState(),
  }
}
