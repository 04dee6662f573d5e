import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type FittedTransform, type LoadHooks, storageTypeOf } from '../../data/index.ts'
import { pipeline } from '../../data/transforms/transform.ts'
import { UsageError } from '../../errors.ts'
import { initialize, outputShape, type TargetKind, type Variables } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import { cast } from '../../tensor/index.ts'
import { evaluator } from '../../train/evaluate.ts'
import {
  describe,
  type Experiment,
  initialVariables,
  type Network,
  type Prepared,
  prepare,
  preparedShape,
} from '../../train/index.ts'
import { makeState } from '../../train/state.ts'
import { prepareRun } from '../data.ts'
import { metricOf } from '../metricOf.ts'
import { readPreparation } from '../preparation.ts'
import type { Run } from '../read.ts'
import { loadWeights } from '../weights.ts'
import { fillsMissing, type TestedModel, usualMetrics } from './model.ts'

/** Which of a run's weights: those that training ended with, those of the best epoch, or those of the last checkpoint. */
export type WeightsChoice = 'final' | 'best' | 'last'

/** The network of a run with trained weights: layers and numbers, to be computed with or looked into. */
export interface LoadedNetwork {
  /** In messages. */
  readonly name: string
  readonly network: Network
  readonly variables: Variables
  readonly sample: readonly number[]
  readonly dtype: 'uint8' | 'float32'
  readonly target: TargetKind
  readonly transforms: readonly FittedTransform[]
  readonly notes: readonly string[]
}

export interface LoadRunOptions extends LoadHooks {
  /** Default `final`, or `last` where the run has not finished. */
  readonly weights?: WeightsChoice
}

/**
 * A run's network: the layers of its experiment, the weights of one of its checkpoints, and the preparation that was fitted when it
 * was trained. A run that has not finished has not saved the preparation: it is fitted again, on the run's own training split.
 *
 * @param experiment that the run is of, its settings included
 * @throws UsageError where the run has no such weights, or they do not belong to the experiment's model
 *
 * @example
 * const { network, variables } = await loadNetwork(await openRun('runs', 'latest'), experiment)
 */
export async function loadNetwork(
  run: Run,
  experiment: Experiment,
  { weights, ...hooks }: LoadRunOptions = {},
): Promise<LoadedNetwork> {
  const { manifest, id } = run
  const { inputShape: sample, inputDtype: dtype, classes } = manifest.data
  const { chosen, path } = await weightsOf(run, weights)
  const { transforms, note } = await preparationOf(run, experiment, hooks)
  const network: Network = {
    model: experiment.model,
    prepare: (x) => pipeline(transforms)(cast(x, 'float32')),
  }
  const fresh = initialize(experiment.model, key(0), preparedShape(network, sample))
  const variables = await loadWeights(path, fresh)
  return {
    name: `run ${id}`,
    network,
    variables,
    sample,
    dtype,
    target: classes === undefined ? outputsOf(network, variables, sample) : { task: 'classification', classes },
    transforms,
    notes: [
      ...(weights === undefined && chosen !== 'final'
        ? [`the run is ${manifest.status} and has no final weights: those of its last checkpoint are used`]
        : []),
      ...(note === undefined ? [] : [note]),
    ],
  }
}

/**
 * The network of an experiment with weights from a `.safetensors` file, by PyTorch's names. What its preparation learns is not in such a
 * file: it is fitted on the experiment's training split.
 *
 * @throws UsageError where there is no such file, or its names and shapes are not the model's
 */
export async function loadWeightsFile(
  path: string,
  experiment: Experiment,
  hooks: LoadHooks = {},
): Promise<LoadedNetwork> {
  const prepared = await prepare(experiment, hooks)
  const { inputs, name } = prepared.train.dataset
  return {
    name: basename(path),
    network: prepared.network,
    variables: await loadWeights(path, initialVariables(prepared, 0)),
    sample: inputs.shape,
    dtype: storageTypeOf(inputs),
    target: prepared.target,
    transforms: prepared.transforms,
    notes:
      prepared.transforms.length === 0
        ? []
        : [`the preparation is fitted on the training split of ${name}, because a weights file has none in it`],
  }
}

/** A loaded network, to be asked about samples. Test splits are computed as when the run was tested, to the bit. */
export function testedNetwork(loaded: LoadedNetwork, experiment: Experiment): TestedModel {
  const { loss, optimizer, metrics } = experiment
  const lossMetric = metricOf('loss', describe(experiment))
  const { name, network, variables, sample, dtype, target, transforms, notes } = loaded
  const problem = { network, target, inputDtype: dtype, train: { dataset: { inputs: { shape: sample } } } }
  return {
    name,
    sample,
    dtype,
    target,
    fillsMissing: fillsMissing(transforms),
    // Outputs that are logits of pixels are no numbers to compare with pixels: only their loss says something.
    metrics:
      metrics.length === 0 && !(loss.kind === 'bce' && target.task === 'regression')
        ? usualMetrics(target.task)
        : metrics,
    ...(lossMetric && { lossMetric }),
    notes,
    evaluate: evaluator(problem, loss, makeState(variables, optimizer)),
    dispose: async () => {},
  }
}

async function weightsOf({ folder, id, manifest }: Run, asked: WeightsChoice | undefined) {
  const there = new Map<WeightsChoice, string>()
  for (const name of ['final', 'best', 'last'] as const) {
    const path = await placeOf(folder, name)
    if (path !== undefined) there.set(name, path)
  }
  if (asked !== undefined && !there.has(asked))
    throw new UsageError(
      `run ${id} (${manifest.status}) has no ${asked} weights: ${there.size === 0 ? 'it has no checkpoint yet, let it train on' : `it has ${[...there.keys()].join(', ')}`}`,
    )
  const chosen = asked ?? (there.has('final') ? 'final' : 'last')
  const path = there.get(chosen)
  if (path === undefined) throw new UsageError(`run ${id} (${manifest.status}) has no checkpoint yet: let it train on`)
  return { chosen, path }
}

/** Where weights lie; undefined where there are none. A model that was handed in has its own beside its manifest, and no checkpoints. */
async function placeOf(folder: string, name: WeightsChoice): Promise<string | undefined> {
  const places = [
    join(folder, 'checkpoints', `${name}.safetensors`),
    ...(name === 'final' ? [join(folder, 'weights.safetensors')] : []),
  ]
  for (const place of places) if ((await stat(place).catch(() => undefined))?.isFile()) return place
  return undefined
}

async function preparationOf(
  run: Run,
  experiment: Experiment,
  hooks: LoadHooks,
): Promise<{ readonly transforms: Prepared['transforms']; readonly note?: string }> {
  if (!experiment.prepare.some((one) => 'fit' in one)) return { transforms: [] }
  try {
    return { transforms: await readPreparation(run.folder) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    // Unfinished, or a transform of one's own, which only the experiment's file can make.
    const { transforms } = await prepareRun(experiment, run, hooks)
    return { transforms, note: 'the preparation was fitted again, on the run’s own training split' }
  }
}

/** Of a network that does not tell classes apart. */
function outputsOf(network: Network, variables: Variables, sample: readonly number[]): TargetKind {
  const [, ...shape] = outputShape(network.model, variables, [1, ...preparedShape(network, sample)])
  return { task: 'regression', shape }
}
