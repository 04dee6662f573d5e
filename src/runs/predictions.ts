import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import { type NumberColumn, readParquet, writeParquet } from './parquet.ts'

/** What a classifier said about n examples of k classes. */
export interface ClassPredictions {
  readonly task: 'classification'
  /** Position of each example in its split, [n]. */
  readonly index: Int32Array
  /** True class of each, [n]. */
  readonly label: Int32Array
  /** Predicted class of each, [n]. */
  readonly predicted: Int32Array
  /** Probability of each class, [n, k] row-major. */
  readonly probabilities: Float32Array
  readonly classCount: number
}

/** What a regression model said about n examples of k numbers. */
export interface ValuePredictions {
  readonly task: 'regression'
  readonly index: Int32Array
  /** True values, [n, k] row-major. */
  readonly targets: Float32Array
  /** Predicted values, [n, k] row-major. */
  readonly outputs: Float32Array
  readonly width: number
  /** What went in, [n], where that is one number an example: what a fitted curve is drawn against. */
  readonly inputs?: Float32Array
}

export type Predictions = ClassPredictions | ValuePredictions

export const predictionsKind = new ResultKind<Predictions>()

/**
 * Writes predictions as Parquet. Classification: `index`, `label`, `predicted` (integers), `p0` … `p{k-1}` (floats).
 * Regression: `index`, `target0` … and `output0` … (floats), and `input0` where inputs are one number.
 *
 * @param path - usually `predictions.parquet` in a run's folder
 * @throws UsageError when the arrays do not have the same number of examples, or there is no class
 *
 * @example
 * await writePredictions(join(run.folder, 'predictions.parquet'), predictions)
 */
export async function writePredictions(path: string, predictions: Predictions): Promise<void> {
  return writeParquet(path, predictionColumns(predictions))
}

/** What {@link writePredictions} writes, for files that have more columns beside. */
export function predictionColumns(predictions: Predictions): NumberColumn[] {
  const { index } = predictions
  if (predictions.task === 'regression') {
    const { targets, outputs, width, inputs } = predictions
    const rows = { targets: targets.length / width, outputs: outputs.length / width }
    requireRows('width', width, index.length, { ...rows, ...(inputs && { inputs: inputs.length }) })
    return [
      { name: 'index', values: index },
      ...spread('target', targets, width),
      ...spread('output', outputs, width),
      ...(inputs === undefined ? [] : spread('input', inputs, 1)),
    ]
  }
  const { label, predicted, probabilities, classCount } = predictions
  const rows = { label: label.length, predicted: predicted.length, probabilities: probabilities.length / classCount }
  requireRows('classCount', classCount, index.length, rows)
  return [
    { name: 'index', values: index },
    { name: 'label', values: label },
    { name: 'predicted', values: predicted },
    ...spread('p', probabilities, classCount),
  ]
}

/**
 * Reads what {@link writePredictions} wrote, in its order.
 *
 * @throws UsageError when the file is missing or its columns are others
 *
 * @example
 * const predictions = await readPredictions(join(run.folder, 'predictions.parquet'))
 */
export async function readPredictions(path: string): Promise<Predictions> {
  const columns = await readParquet(path)
  const integers = (name: string): Int32Array => {
    const values = columns.find((column) => column.name === name)?.values
    if (values instanceof Int32Array) return values
    const names = columns.map((column) => column.name).join(', ')
    throw new UsageError(
      `${path} has columns ${names}: predictions have index, label, predicted, p0, p1, … or index, target0, …, output0, …, perhaps input0`,
    )
  }
  const index = integers('index')
  const targets = gathered(columns, 'target', index.length)
  if (targets.width > 0) {
    const { values: outputs } = gathered(columns, 'output', index.length)
    const inputs = gathered(columns, 'input', index.length)
    return predictionsKind.mark({
      ...{ task: 'regression', index, targets: targets.values, outputs, width: targets.width },
      ...(inputs.width === 1 && { inputs: inputs.values }),
    })
  }
  const [label, predicted] = [integers('label'), integers('predicted')]
  const { values: probabilities, width: classCount } = gathered(columns, 'p', index.length)
  return predictionsKind.mark({ task: 'classification', index, label, predicted, probabilities, classCount })
}

/** The least that float32 holds: a probability of 0 was a smaller one, and its logarithm must stay finite. */
const LEAST = 2 ** -149

/**
 * Stored predictions as metrics take them: scores of a classifier are the logarithms of its probabilities, which softmax makes of them again.
 *
 * @example
 * accuracy().compute(scoredPredictions(await readPredictions(join(run.folder, 'predictions.parquet'))))
 */
export function scoredPredictions(predictions: Predictions): SplitPredictions {
  if (predictions.task === 'regression') {
    const { outputs, targets, width } = predictions
    return { task: 'regression', outputs, targets, width }
  }
  const { probabilities, classCount: classes, label: targets } = predictions
  const scores = probabilities.map((p) => Math.log(Math.max(p, LEAST)))
  return { task: 'classification', scores, classes, targets }
}

/** [n, k] to k columns. */
export const spread = (name: string, values: Float32Array, width: number): NumberColumn[] =>
  Array.from({ length: width }, (_, c) => ({
    name: `${name}${c}`,
    values: Float32Array.from({ length: values.length / width }, (_row, i) => values[i * width + c] ?? 0),
  }))

/** The columns `name0`, `name1`, … to [n, k]. */
function gathered(columns: readonly NumberColumn[], name: string, n: number) {
  const own = columns.filter((column) => new RegExp(`^${name}\\d+$`).test(column.name))
  const values = new Float32Array(n * own.length)
  for (const [c, column] of own.entries())
    for (let i = 0; i < n; i++) values[i * own.length + c] = column.values[i] ?? Number.NaN
  return { values, width: own.length }
}

function requireRows(what: string, width: number, n: number, lengths: Readonly<Record<string, number>>): void {
  if (!Number.isInteger(width) || width < 1)
    throw new UsageError(`predictions.${what} is ${width}: give a whole number of at least 1`)
  for (const [name, length] of Object.entries(lengths))
    if (length !== n)
      throw new UsageError(`predictions.${name} has ${length} examples and index has ${n}: give the same number`)
}
