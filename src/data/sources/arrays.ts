import {
  createDataset,
  type DataSource,
  type Inputs,
  type MemoryDataset,
  type RegressionTargets,
  requireSameLayout,
  type Targets,
} from '../dataset.ts'
import { type Cell, column as columnOf } from '../table/column.ts'
import { requireLabels, validateDataset } from '../validate.ts'

/** Class numbers as they are at hand; they are checked and kept as int32. */
export interface LabelTargets {
  readonly task: 'classification'
  /** [n]; whole numbers from 0 to classes − 1. */
  readonly labels: Int32Array | readonly number[]
  readonly classes: readonly string[]
}

export interface ArraysSplit {
  readonly inputs: Inputs
  readonly targets: LabelTargets | RegressionTargets
  /** Values beside the samples, one each, that no model sees: a patient or a date for splits by group or time. */
  readonly columns?: Readonly<Record<string, ArrayLike<Cell>>>
}

export interface ArraysOptions extends ArraysSplit {
  /** Name of the data set, in messages and manifests. */
  readonly name: string
  /** The test split; left out, the test split has length 0 and nothing can be measured on it. */
  readonly test?: ArraysSplit
}

/**
 * Data that a program has made: the arrays of the training split, and of the test split if there is one.
 *
 * @throws UsageError (at once, not at loading) for what `validateDataset` refuses
 *
 * @example
 * const x = uniform(key(0), 75, { low: -1, high: 1 })
 * const source = arrays({
 *   name: 'sine',
 *   inputs: { data: x, shape: [1] },
 *   targets: { task: 'regression', values: x.map((value) => Math.sin(Math.PI * value)), shape: [1] },
 * })
 * const { train } = await source.load()
 * train.length // 75
 */
export function arrays({ name, test, ...train }: ArraysOptions): DataSource {
  const built = build(name, 'train', train)
  const splits = { train: built, test: test ? build(name, 'test', test) : emptyLike(built) }
  requireSameLayout(name, splits)
  return {
    kind: 'arrays',
    config: { name, train: splits.train.fingerprint, test: splits.test.fingerprint },
    load: () => Promise.resolve(splits),
  }
}

function build(name: string, split: string, { inputs, targets, columns = {} }: ArraysSplit): MemoryDataset {
  const title = `${name} (${split})`
  const beside = Object.entries(columns).map(([column, values]) => columnOf(column, values))
  const dataset = createDataset({
    name,
    inputs,
    targets: withInt32Labels(title, targets),
    ...(beside.length > 0 && { columns: beside }),
  })
  validateDataset(dataset, title)
  return dataset
}

function withInt32Labels(title: string, targets: ArraysSplit['targets']): Targets {
  if (targets.task === 'regression') return targets
  const { labels } = targets
  // Before Int32Array.from, which would turn 1.5 into 1.
  requireLabels(title, labels, targets.classes.length)
  return { ...targets, labels: labels instanceof Int32Array ? labels : Int32Array.from(labels) }
}

function emptyLike({ name, inputs, targets }: MemoryDataset): MemoryDataset {
  return createDataset({
    name,
    inputs: { ...inputs, data: inputs.data.slice(0, 0) },
    targets:
      targets.task === 'classification'
        ? { ...targets, labels: targets.labels.slice(0, 0) }
        : { ...targets, values: targets.values.slice(0, 0) },
  })
}
