import { augmenterOf } from '../data/augment/augment.ts'
import {
  type Augment,
  type Dataset,
  type Division,
  type FittedTransform,
  holdOut,
  type LeftOut,
  type LoadHooks,
  requireSameLayout,
  storageTypeOf,
  validateDataset,
} from '../data/index.ts'
import { fitTransforms } from '../data/transforms/fitTransforms.ts'
import { pipeline } from '../data/transforms/transform.ts'
import { UsageError } from '../errors.ts'
import type { Metric } from '../metrics/index.ts'
import { initialize, type Layer, type Loss, layer, outputShape, type TargetKind, type Variables } from '../nn/index.ts'
import { foldIn, key } from '../random/index.ts'
import { cast, type DType, sizeOf, type Tensor } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { isStrategy } from './settings.ts'

/** Data in memory, divided; indices are into the data set beside them. */
export interface Prepared {
  readonly train: { readonly dataset: Dataset; readonly indices: Uint32Array }
  readonly validation: { readonly dataset: Dataset; readonly indices: Uint32Array }
  readonly test: { readonly dataset: Dataset; readonly indices: Uint32Array }
  readonly transforms: readonly FittedTransform[]
  /** What the source has and the data do not: broken rows, unreadable files. */
  readonly leftOut: readonly LeftOut[]
  /** Changes a batch of training samples by chance, given the step's key; absent where the experiment does not augment. */
  readonly augment?: Augment
  readonly target: TargetKind
  readonly inputDtype: DType
  /** Fitted preparation followed by the model: what programs are made of. */
  readonly network: Network
}

/** A division made before, such as a run's, and the data that it is of. */
export interface KnownDivision extends Division {
  readonly fingerprint: string
}

export interface PrepareOptions extends LoadHooks {
  /** A division made before, such as a run's; default: what the experiment's split makes. */
  readonly division?: KnownDivision
}

/** From stored samples to outputs. */
export interface Network {
  readonly model: Layer
  /** @param x `[batch, …sample]` in the data's own dtype; float32 comes out */
  prepare(x: Tensor): Tensor
}

const all = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

/**
 * Loads, checks and divides the data, fits the preparation on the training split, and makes sure that data, model and
 * loss go together. Whatever is wrong with an experiment comes to light here, before anything is written.
 *
 * @throws UsageError naming the layer, shape, sample or label that is wrong
 */
export async function prepare(
  experiment: Experiment,
  { division: given, ...hooks }: PrepareOptions = {},
): Promise<Prepared> {
  const { data, prepare: preparation, model, loss, metrics, asserts } = experiment
  const { train, test, leftOut = [] } = await data.load(hooks)
  const [first] = preparation
  const missing = first !== undefined && 'fillsMissing' in first && first.fillsMissing === true
  validateDataset(train, 'train', { missing })
  if (test.length > 0) validateDataset(test, 'test', { missing })
  if (test.length === 0 && Object.keys(asserts).length > 0)
    throw new UsageError(
      `experiment: asserts are of test scores, and ${train.name} has no test split: give data with one, or leave them out`,
    )
  requireSameLayout(train.name, { train, test })
  if (given !== undefined && given.fingerprint !== train.fingerprint)
    throw new UsageError(
      `${train.name} holds other training data than the division is of (${train.fingerprint.slice(0, 12)} in place of ${given.fingerprint.slice(0, 12)}): give the data as they were`,
    )
  const divided = given ?? divide(experiment, train)
  const augment = augmenterOf(
    preparation.filter((one) => 'augmenter' in one),
    train.inputs.shape,
  )
  const transforms = preparation.filter((one) => 'fit' in one)
  const fitted = await fitTransforms(transforms, { dataset: train, indices: divided.train })
  const target: TargetKind =
    train.targets.task === 'classification'
      ? { task: 'classification', classes: train.targets.classes }
      : { task: 'regression', shape: train.targets.shape, range: rangeOf(train.targets.values) }
  const network: Network = {
    model,
    prepare: (x) => pipeline(fitted)(cast(x, 'float32')),
  }
  const inputDtype: DType = storageTypeOf(train.inputs)
  const sample = preparedShape(network, train.inputs.shape)
  const output = outputShape(model, initialize(model, key(0), sample), [1, ...sample])
  loss.check(output.slice(1), target)
  requireLogits(model, loss)
  for (const metric of metrics) tryMetric(metric, target)
  return {
    train: { dataset: train, indices: divided.train },
    validation: { dataset: train, indices: divided.validation },
    test: { dataset: test, indices: all(test.length) },
    transforms: fitted,
    leftOut,
    ...(augment && { augment }),
    target,
    inputDtype,
    network,
  }
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

function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

function divide({ split }: Experiment, train: Dataset): Division {
  if (isStrategy(split)) return split.divide(train)
  if (split.validation === 0) return { train: all(train.length), validation: new Uint32Array() }
  return holdOut(split).divide(train)
}

/** Shape of one sample as the model gets it. */
export function preparedShape({ prepare: apply }: Network, sample: readonly number[]): readonly number[] {
  const preparation = layer('Preparation', { apply: (_, x) => apply(x) })
  return outputShape(preparation, { parameters: {}, buffers: {} }, [1, ...sample]).slice(1)
}

/** New weights for one seed. */
export const initialVariables = ({ network, train }: Prepared, seed: number): Variables =>
  initialize(network.model, foldIn(key(seed), 'init'), preparedShape(network, train.dataset.inputs.shape))

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
