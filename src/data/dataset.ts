import { UsageError } from '../errors.ts'
import { formatShape, type Shape, sizeOf } from '../tensor/shape.ts'
import { sha256 } from './sha256.ts'
import { type Column, rowCount } from './table/column.ts'
import { type Encoding, featureNames } from './table/encoding.ts'

/** Samples side by side in one typed array, row-major; `shape` is that of one sample, such as [1, 28, 28]. */
export interface Inputs {
  readonly data: Uint8Array | Float32Array
  readonly shape: Shape
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

/** One split of a data set, in memory. */
export interface Dataset {
  readonly name: string
  readonly inputs: Inputs
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

/** What a data set is made from. */
export type DatasetParts = Omit<Dataset, 'length' | 'fingerprint'>

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

/** Where data come from, as an experiment holds it: a value that can be serialised, and loads when asked to. */
export interface DataSource {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  load(): Promise<Splits>
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
export function createDataset(parts: DatasetParts): Dataset {
  const length = sampleCount(parts)
  for (const column of parts.columns ?? [])
    if (rowCount(column) !== length)
      throw new UsageError(
        `${parts.name}: the column ${column.name} has ${rowCount(column)} values and there are ${length} samples; give one for each`,
      )
  return { ...parts, length, fingerprint: fingerprintOf(parts) }
}

/** Number of samples, which inputs and targets must agree on. */
export function sampleCount({ name, inputs, targets }: Pick<Dataset, 'name' | 'inputs' | 'targets'>): number {
  const count = rows(`${name}: inputs.data`, inputs.data.length, inputs.shape)
  const targetCount =
    targets.task === 'classification'
      ? targets.labels.length
      : rows(`${name}: targets.values`, targets.values.length, targets.shape)
  if (count !== targetCount)
    throw new UsageError(
      `${name}: inputs.data holds ${count} samples of ${formatShape(inputs.shape)} and there are ${targetCount} targets; give one target for each sample`,
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

function fingerprintOf({ inputs, targets, columns = [], encoding }: DatasetParts): string {
  const values = targets.task === 'classification' ? targets.labels : targets.values
  const header = {
    inputs: { dtype: inputs.data instanceof Uint8Array ? 'uint8' : 'float32', shape: inputs.shape },
    targets:
      targets.task === 'classification'
        ? { task: targets.task, classes: targets.classes }
        : { task: targets.task, shape: targets.shape },
    length: values.length,
    ...(encoding && { features: featureNames(encoding) }),
    ...(columns.length > 0 && {
      columns: columns.map((of) => [of.name, of.type, ...(of.type === 'text' ? of.categories : [])]),
    }),
  }
  const beside = columns.map((of) => (of.type === 'text' ? of.codes : of.values))
  return sha256(JSON.stringify(header), inputs.data, values, ...beside)
}

/** What a model that was trained on one split relies on in another. */
function layoutOf({ inputs, targets }: Dataset): string {
  const dtype = inputs.data instanceof Uint8Array ? 'uint8' : 'float32'
  const target =
    targets.task === 'classification'
      ? `classes ${targets.classes.join(', ')}`
      : `numbers ${formatShape(targets.shape)}`
  return `${dtype} ${formatShape(inputs.shape)} with ${target}`
}

/** Storage, shape, task and classes of the splits must be alike: what is learnt on one is asked of the other. */
export function requireSameLayout(name: string, { train, test }: Splits): void {
  const [trainLayout, testLayout] = [layoutOf(train), layoutOf(test)]
  if (trainLayout !== testLayout)
    throw new UsageError(
      `${name}: the test split is ${testLayout} and the training split ${trainLayout}; make them alike`,
    )
}
