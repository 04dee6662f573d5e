import { UsageError } from '../errors.ts'
import type { Key } from '../random/index.ts'

/** Samples as a classical model takes them: one row of numbers each. */
export interface Table {
  /** `[rows, width]` */
  readonly data: Float32Array
  readonly rows: number
  readonly width: number
}

/** What goes with each row. */
export type Answers =
  | {
      readonly task: 'classification'
      /** `[rows]` */
      readonly labels: Int32Array
      readonly classes: number
    }
  | {
      readonly task: 'regression'
      /** `[rows, width]` */
      readonly values: Float32Array
      readonly width: number
    }

/** A classical model, as it is before it has learnt: a value with options. */
export interface Baseline {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /** What it can predict. */
  readonly tasks: readonly Answers['task'][]
  /** @param key where chance comes from: equal keys give equal models */
  fit(samples: Table, answers: Answers, key: Key): FittedBaseline | Promise<FittedBaseline>
}

export interface FittedBaseline {
  /**
   * Scores `[rows, classes]`, of which the highest is the prediction, or values `[rows, width]`. Scores are logarithms of
   * probabilities where the model has probabilities.
   */
  predict(samples: Table): Float32Array | Promise<Float32Array>
}

/** The logarithm of a probability; 0 counts as float32's rounding error, as in scikit-learn's log loss. */
export const logOf = (probability: number): number => Math.log(Math.max(probability, 2 ** -23))

/** Answers as numbers to average: a column for each class, 1 where a row is of it, or the values themselves. */
export function columnsOf(answers: Answers): { readonly values: Float32Array; readonly width: number } {
  if (answers.task === 'regression') return answers
  const { labels, classes } = answers
  const values = new Float32Array(labels.length * classes)
  for (const [row, label] of labels.entries()) values[row * classes + label] = 1
  return { values, width: classes }
}

/** Classes as signs: a column for each class, or one column where there are two; 1 where a row is of it, else `other`. */
export function signsOf(kind: string, answers: Answers, other: 0 | -1) {
  if (answers.task !== 'classification')
    throw new UsageError(`${kind} tells classes apart, and the data have numbers to predict: use ridge(), for instance`)
  const { labels, classes } = answers
  const outputs = classes === 2 ? 1 : classes
  const targets = new Float32Array(labels.length * outputs).fill(other)
  for (const [row, label] of labels.entries()) {
    if (outputs > 1) targets[row * outputs + label] = 1
    else if (label === 1) targets[row] = 1
  }
  return { outputs, targets }
}

/** One score for two classes stands for the scores 0 and z. */
export function scoresOfClasses(values: Float32Array, outputs: number): Float32Array {
  if (outputs > 1) return values
  const scores = new Float32Array(2 * values.length)
  for (const [row, value] of values.entries()) scores[2 * row + 1] = value
  return scores
}
