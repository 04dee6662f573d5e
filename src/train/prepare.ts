import { pipeline } from '../data/transforms/transform.ts'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import type { Metric } from '../metrics/index.ts'
import { initialize, type Layer, type Loss, layer, outputShape, type TargetKind, type Variables } from '../nn/index.ts'
import { foldIn, key } from '../random/index.ts'
import { cast, type Shape, sizeOf, type Tensor } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { type PreparedData, type PrepareOptions, prepareData } from './prepareData.ts'

/** Data and network that go together. */
export interface Prepared extends PreparedData {
  /** Fitted preparation followed by the model: what programs are made of. */
  readonly network: Network
}

/** From stored samples to outputs. */
export interface Network {
  readonly model: Layer
  /** @param x `[batch, …sample]` in the data's own dtype; float32 comes out */
  prepare(x: Tensor): Tensor
}

export const preparedKind = new ResultKind<Prepared>()

/**
 * Loads, checks and divides the data, fits the preparation on the training split, and makes sure that data, model and
 * loss go together. Whatever is wrong with an experiment comes to light here, before anything is written.
 *
 * @throws UsageError naming the layer, shape, sample or label that is wrong
 */
export async function prepare(experiment: Experiment, options: PrepareOptions = {}): Promise<Prepared> {
  return prepareNetwork(experiment, await prepareData(experiment, options))
}

/**
 * {@link prepare} with data that are prepared already, by this experiment or one with the same data, split and preparation.
 *
 * @throws UsageError where data, model, loss and metrics do not go together
 */
export function prepareNetwork({ model, loss, metrics, asserts }: Experiment, data: PreparedData): Prepared {
  const { train, test, transforms, target } = data
  if (test.dataset.length === 0 && Object.keys(asserts).length > 0)
    throw new UsageError(
      `experiment: asserts are of test scores, and ${train.dataset.name} has no test split: give data with one, or leave them out`,
    )
  const network: Network = {
    model,
    prepare: (x) => pipeline(transforms)(cast(x, 'float32')),
  }
  const sample = preparedShape(network, train.dataset.inputs.shape)
  const output = outputShape(model, initialize(model, key(0), sample), [1, ...sample])
  loss.check(output.slice(1), target)
  requireLogits(model, loss)
  for (const metric of metrics) tryMetric(metric, target)
  return preparedKind.mark({ ...data, network })
}

/** Layers at the end of a model that the loss has inside, too: twice, they leave a floor that no training gets below. */
const INSIDE: Readonly<Record<string, { readonly loss: string; readonly call: string }>> = {
  Softmax: { loss: 'crossEntropy', call: 'softmax()' },
  Sigmoid: { loss: 'bce', call: 'sigmoid()' },
}

function requireLogits(model: Layer, loss: Loss): void {
  const twice = INSIDE[lastOf(model).kind]
  if (twice?.loss === loss.kind)
    throw new UsageError(
      `the model ends with ${twice.call} and the loss ${loss.kind} has it inside already: leave it out, and let the model put out logits`,
    )
}

/** The layer that puts out what a sequence of layers puts out. */
function lastOf(model: Layer): Layer {
  const last = model.kind === 'Sequential' ? Object.values(model.children ?? {}).at(-1) : undefined
  return last === undefined ? model : lastOf(last)
}

/** Shape of one sample as the model gets it. */
export function preparedShape({ prepare: apply }: Network, sample: readonly number[]): readonly number[] {
  const preparation = layer('Preparation', { apply: (_, x) => apply(x) })
  return outputShape(preparation, { parameters: {}, buffers: {} }, [1, ...sample]).slice(1)
}

/** New weights for one seed. */
export const initialVariables = (
  {
    network,
    train,
  }: Pick<Prepared, 'network'> & {
    readonly train: { readonly dataset: { readonly inputs: { readonly shape: Shape } } }
  },
  seed: number,
): Variables => initialize(network.model, foldIn(key(seed), 'init'), preparedShape(network, train.dataset.inputs.shape))

/** Computes a metric once on made-up predictions, so that one that does not fit the data is told of before training. */
function tryMetric(metric: Metric, target: TargetKind): void {
  if (metric.task !== target.task)
    throw new UsageError(
      `the metric ${metric.name} is for ${metric.task} and the data are for ${target.task}: choose one of the latter's`,
    )
  if (target.task === 'regression') {
    const targets = Float32Array.from({ length: 2 * sizeOf(target.shape) }, (_, i) => i)
    metric.compute({ task: 'regression', outputs: targets, targets })
    return
  }
  const { length } = target.classes
  const targets = Int32Array.from({ length }, (_, i) => i)
  metric.compute({ task: 'classification', scores: new Float32Array(length * length), classes: length, targets })
}
