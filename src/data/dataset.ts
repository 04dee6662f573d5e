import { UsageError } from '../errors.ts'
import { formatShape, type Shape, sizeOf } from '../tensor/shape.ts'
import { type Hasher, hasher } from './sha256.ts'
import { type Column, rowCount } from './table/column.ts'
import { type Encoding, featureNames } from './table/encoding.ts'

/** How inputs are kept. */
export type StorageType = 'uint8' | 'float32'

/** Samples side by side in one typed array, row-major; `shape` is that of one sample, such as [1, 28, 28]. */
export interface Inputs {
  readonly data: Uint8Array | Float32Array
  readonly shape: Shape
}

/** Samples that stay where they are, in a file for instance, until a batch needs them. All their values are finite. */
export interface StoredInputs {
  readonly dtype: StorageType
  /** Of one sample. */
  readonly shape: Shape
  /** Number of samples. */
  readonly length: number
  /** Copies samples side by side to the beginning of `out`, which is of type `dtype`. */
  read(indices: Uint32Array, out: Uint8Array | Float32Array): Promise<void>
}

export interface ClassTargets {
  readonly task: 'classification'
  /** Class number of each sample, [length]. */
  readonly labels: Int32Array
  /** Names of the classes. */
  readonly classes: readonly string[]
}

export interface RegressionTargets {
  readonly task: 'regression'
  /** [length, ...shape] row-major. */
  readonly values: Float32Array
  /** Shape of one sample's target; [] is one number. */
  readonly shape: Shape
}

export type Targets = ClassTargets | RegressionTargets

/** One split of a data set, in memory but for inputs that are too large for it; `gather` and `feeder` take both kinds. */
export interface Dataset {
  readonly name: string
  readonly inputs: Inputs | StoredInputs
  readonly targets: Targets
  /** Number of samples. */
  readonly length: number
  /** SHA-256 (hexadecimal) of types, shapes, class names, feature names and all values; the name does not count. */
  readonly fingerprint: string
  /** Named values beside the samples, such as a patient or a date: no model sees them, and splits go by them. */
  readonly columns?: readonly Column[]
  /** Of samples that were rows of a table: how they became numbers. */
  readonly encoding?: Encoding
  /** Of samples that were rows of a table: the row of each, from 1. */
  readonly rows?: Uint32Array
}

/** A data set whose inputs are one typed array. */
export interface MemoryDataset extends Dataset {
  readonly inputs: Inputs
}

/** What a data set is made from. */
export type DatasetParts = Omit<MemoryDataset, 'length' | 'fingerprint'>

/** Something that the source has and the data do not, such as a broken row or a file that cannot be read. */
export interface LeftOut {
  /** Where it is: `line 17 of people.csv`. */
  readonly item: string
  readonly reason: string
}

export interface Splits {
  readonly train: Dataset
  readonly test: Dataset
  /** Default: nothing. */
  readonly leftOut?: readonly LeftOut[]
}

/** How far a source has come. */
export interface LoadProgress {
  /** What is being done: `decoding pets`. */
  readonly what: string
  readonly unit: 'bytes' | 'files' | 'rows'
  readonly done: number
  /** Absent where it is not known beforehand. */
  readonly total?: number
}

export interface LoadHooks {
  /** Called now and then by sources that take long; what it throws ends the loading. */
  onProgress?(progress: LoadProgress): void
}

/** Where data come from, as an experiment holds it: a value that can be serialised, and loads when asked to. */
export interface DataSource {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  load(hooks?: LoadHooks): Promise<Splits>
}

/**
 * A data set from typed arrays, which are kept and not copied.
 *
 * @throws UsageError when inputs and targets are not the same number of samples. Values are not looked at: see `validateDataset`.
 *
 * @example
 * const data = createDataset({
 *   name: 'line',
 *   inputs: { data: Float32Array.of(0, 1, 2), shape: [1] },
 *   targets: { task: 'regression', values: Float32Array.of(1, 3, 5), shape: [1] },
 * })
 * data.length // 3
 */
export function createDataset(parts: DatasetParts): MemoryDataset {
  const length = checkedLength(parts)
  return { ...parts, length, fingerprint: hashBeside(hasher().add(headerOf(parts), parts.inputs.data), parts).hex() }
}

/** Whether all samples are in memory. */
export const isInMemory = (dataset: Dataset): dataset is MemoryDataset => 'data' in dataset.inputs

/**
 * The data set as one whose inputs are a typed array, for what cannot work otherwise.
 *
 * @throws UsageError when they are not in memory
 */
export function inMemory(dataset: Dataset): MemoryDataset {
  if (isInMemory(dataset)) return dataset
  throw new UsageError(
    `${dataset.name} is kept on disk (${dataset.length} samples of ${formatShape(dataset.inputs.shape)}) and has to be in memory here: use fewer or smaller samples`,
  )
}

export const storageTypeOf = (inputs: Inputs | StoredInputs): StorageType =>
  'dtype' in inputs ? inputs.dtype : inputs.data instanceof Uint8Array ? 'uint8' : 'float32'

/** Number of samples, which inputs, targets and columns must agree on. */
export function checkedLength(parts: Omit<Dataset, 'length' | 'fingerprint'>): number {
  const length = sampleCount(parts)
  for (const column of parts.columns ?? [])
    if (rowCount(column) !== length)
      throw new UsageError(
        `${parts.name}: the column ${column.name} has ${rowCount(column)} values and there are ${length} samples; give one for each`,
      )
  return length
}

/** Number of samples, which inputs and targets must agree on. */
export function sampleCount({ name, inputs, targets }: Pick<Dataset, 'name' | 'inputs' | 'targets'>): number {
  const count = 'data' in inputs ? rows(`${name}: inputs.data`, inputs.data.length, inputs.shape) : inputs.length
  const targetCount =
    targets.task === 'classification'
      ? targets.labels.length
      : rows(`${name}: targets.values`, targets.values.length, targets.shape)
  if (count !== targetCount)
    throw new UsageError(
      `${name}: ${'data' in inputs ? 'inputs.data holds' : 'there are'} ${count} samples of ${formatShape(inputs.shape)} and there are ${targetCount} targets; give one target for each sample`,
    )
  return count
}

function rows(what: string, length: number, shape: Shape): number {
  const width = sizeOf(shape)
  if (!Number.isInteger(width) || shape.some((size) => size < 1))
    throw new UsageError(`${what}: one sample's shape is ${formatShape(shape)}; give whole numbers of at least 1`)
  if (length % width !== 0)
    throw new UsageError(
      `${what} has ${length} values, which is no whole number of samples of shape ${formatShape(shape)} (${width} values each): give n × ${width} values`,
    )
  return length / width
}

type Fingerprinted = Omit<Dataset, 'name' | 'length' | 'fingerprint'>

/** What a fingerprint covers before the inputs' values. */
export function headerOf({ inputs, targets, columns = [], encoding }: Fingerprinted): string {
  return JSON.stringify({
    inputs: { dtype: storageTypeOf(inputs), shape: inputs.shape },
    targets:
      targets.task === 'classification'
        ? { task: targets.task, classes: targets.classes }
        : { task: targets.task, shape: targets.shape },
    length: targets.task === 'classification' ? targets.labels.length : targets.values.length,
    ...(encoding && { features: featureNames(encoding) }),
    ...(columns.length > 0 && {
      columns: columns.map((of) => [of.name, of.type, ...(of.type === 'text' ? of.categories : [])]),
    }),
  })
}

/** What a fingerprint covers after the inputs' values. */
export const hashBeside = (hash: Hasher, { targets, columns = [] }: Fingerprinted): Hasher =>
  hash.add(
    targets.task === 'classification' ? targets.labels : targets.values,
    ...columns.map((of) => (of.type === 'text' ? of.codes : of.values)),
  )

/** What a model that was trained on one split relies on in another. */
function layoutOf({ inputs, targets }: Dataset): string {
  const target =
    targets.task === 'classification'
      ? `classes ${targets.classes.join(', ')}`
      : `numbers ${formatShape(targets.shape)}`
  return `${storageTypeOf(inputs)} ${formatShape(inputs.shape)} with ${target}`
}

/** Storage, shape, task and classes of the splits must be alike: what is learnt on one is asked of the other. */
export function requireSameLayout(name: string, { train, test }: Splits): void {
  const [trainLayout, testLayout] = [layoutOf(train), layoutOf(test)]
  if (trainLayout !== testLayout)
    throw new UsageError(
      `${name}: the test split is ${testLayout} and the training split ${trainLayout}; make them alike`,
    )
}
