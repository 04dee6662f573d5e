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
import { UsageError } from '../errors.ts'
import type { TargetKind } from '../nn/index.ts'
import type { DType } from '../tensor/index.ts'
import { describe } from './describe.ts'
import type { Experiment } from './experiment.ts'
import { isStrategy } from './settings.ts'

/** What of an experiment says which data it trains on, and how they are divided and prepared. */
export type DataOptions = Pick<Experiment, 'data' | 'split' | 'prepare'>

/** Data in memory, divided, and the preparation that the training split has fitted; indices are into the data set beside them. */
export interface PreparedData {
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
}

/** A division made before, such as a run's, and the data that it is of. */
export interface KnownDivision extends Division {
  readonly fingerprint: string
}

export interface PrepareOptions extends LoadHooks {
  /** A division made before, such as a run's; default: what the experiment's split makes. */
  readonly division?: KnownDivision
}

/**
 * Loads, checks and divides the data, and fits the preparation on the training split. Experiments of one {@link dataKey} can share
 * what it gives.
 *
 * @throws UsageError naming the sample, label or split that is wrong
 */
export async function prepareData(
  { data, split, prepare: preparation }: DataOptions,
  { division: given, ...hooks }: PrepareOptions = {},
): Promise<PreparedData> {
  const { train, test, leftOut = [] } = await data.load(hooks)
  const [first] = preparation
  const missing = first !== undefined && 'fillsMissing' in first && first.fillsMissing === true
  validateDataset(train, 'train', { missing })
  if (test.length > 0) validateDataset(test, 'test', { missing })
  requireSameLayout(train.name, { train, test })
  if (given !== undefined && given.fingerprint !== train.fingerprint)
    throw new UsageError(
      `${train.name} holds other training data than the division is of (${train.fingerprint.slice(0, 12)} in place of ${given.fingerprint.slice(0, 12)}): give the data as they were`,
    )
  const divided = given ?? divide(split, train)
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
  return {
    train: { dataset: train, indices: divided.train },
    validation: { dataset: train, indices: divided.validation },
    test: { dataset: test, indices: all(test.length) },
    transforms: fitted,
    leftOut,
    ...(augment && { augment }),
    target,
    inputDtype: storageTypeOf(train.inputs),
  }
}

/** Equal for experiments whose data, split and preparation are described alike. */
export function dataKey(experiment: Experiment): string {
  const { data, split, prepare } = describe(experiment)
  return JSON.stringify({ data, split, prepare })
}

const all = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

function divide(split: Experiment['split'], train: Dataset): Division {
  if (isStrategy(split)) return split.divide(train)
  if (split.validation === 0) return { train: all(train.length), validation: new Uint32Array() }
  return holdOut(split).divide(train)
}

function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
