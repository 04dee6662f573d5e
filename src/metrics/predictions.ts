import { UsageError } from '../errors.ts'

/** What a classifier said about a whole split of n examples. */
export interface ClassificationPredictions {
  readonly task: 'classification'
  /** Logits (before softmax), [n, classes] row-major. */
  readonly scores: Float32Array
  readonly classes: number
  /** True class of each example, [n]. */
  readonly targets: Int32Array
}

/** What a regression model said about a whole split. */
export interface RegressionPredictions {
  readonly task: 'regression'
  /** [n, …] row-major. */
  readonly outputs: Float32Array
  /** The true values, shaped as the outputs. */
  readonly targets: Float32Array
  /** Numbers of each example (default 1): what is resampled together. */
  readonly width?: number
}

/** Predictions over a whole split; never over one batch, because most metrics are not means over batches. */
export type SplitPredictions = ClassificationPredictions | RegressionPredictions

/** Refuses class numbers that are not a pair per example, or not below `classes`. */
export function requireClasses(targets: Int32Array, predicted: Int32Array, classes = Number.POSITIVE_INFINITY): void {
  requireSameLength('predicted', predicted, targets)
  requireClassNumbers('targets', targets, classes)
  requireClassNumbers('predicted', predicted, classes)
}

/** Refuses scores that are not [n, classes], and targets that are not n classes. */
export function requireScores(scores: Float32Array, classes: number, targets: Int32Array): void {
  requireRows(scores, classes)
  if (scores.length !== targets.length * classes)
    throw new UsageError(
      `there are ${scores.length / classes} rows of ${classes} scores and ${targets.length} targets: give one row for each target`,
    )
  if (targets.length === 0) throw new UsageError('targets holds no example: a metric needs at least one')
  requireClassNumbers('targets', targets, classes)
}

/** Rows may sum to 1 within this, which float32 sums over a thousand classes keep. */
const TOLERANCE = 1e-3

/** Refuses what {@link requireScores} refuses, and rows that are no distribution: logits, NaN. */
export function requireProbabilities(probabilities: Float32Array, classes: number, targets: Int32Array): void {
  requireScores(probabilities, classes, targets)
  for (let begin = 0; begin < probabilities.length; begin += classes) {
    let total = 0
    let lowest = 0
    for (let i = begin; i < begin + classes; i++) {
      const p = probabilities[i] ?? Number.NaN
      total += p
      if (p < lowest) lowest = p
    }
    if (lowest === 0 && Math.abs(total - 1) <= TOLERANCE) continue
    if (Number.isNaN(total)) throw nanScore(probabilities, classes, begin)
    throw new UsageError(
      `row ${begin / classes} of the probabilities sums to ${total}${lowest < 0 ? ` and holds ${lowest}` : ''}: give softmax(scores), not logits`,
    )
  }
}

/** The complaint about the first NaN from `begin` on. */
export function nanScore(scores: Float32Array, classes: number, begin = 0): UsageError {
  const place = begin + scores.subarray(begin).findIndex(Number.isNaN)
  return new UsageError(
    `the score of class ${place % classes} in row ${Math.floor(place / classes)} is NaN: the model diverged; lower the learning rate`,
  )
}

/** Refuses a class that is none of `classes`. */
export function requireClass(of: number, classes: number): void {
  if (!Number.isInteger(of) || of < 0 || of >= classes)
    throw new UsageError(`of is ${of} and there are ${classes} classes: give a class number from 0 to ${classes - 1}`)
}

/** Refuses scores that are not rows of `classes` numbers. */
export function requireRows(scores: Float32Array, classes: number): void {
  if (!Number.isInteger(classes) || classes < 1)
    throw new UsageError(`classes is ${classes}: give a whole number of at least 1`)
  if (scores.length % classes !== 0)
    throw new UsageError(`${scores.length} scores are not rows of ${classes} classes: give n × ${classes} scores`)
}

/** Refuses arrays of different lengths, and empty ones. */
export function requireSameLength(name: string, values: ArrayLike<number>, targets: ArrayLike<number>): void {
  if (values.length !== targets.length)
    throw new UsageError(`${name} has ${values.length} values and targets has ${targets.length}: give the same number`)
  if (targets.length === 0) throw new UsageError('targets holds no example: a metric needs at least one')
}

function requireClassNumbers(name: string, labels: Int32Array, classes: number): void {
  const bad = labels.findIndex((label) => label < 0 || label >= classes)
  if (bad >= 0)
    throw new UsageError(
      `${name}[${bad}] is ${labels[bad]}: give class numbers from 0${Number.isFinite(classes) ? ` to ${classes - 1}` : ''}`,
    )
}
