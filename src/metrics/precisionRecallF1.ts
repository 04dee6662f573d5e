import { type ConfusionMatrix, confusionMatrix, margins, ratio, sum } from './confusion.ts'
import { requireClass } from './predictions.ts'

/**
 * How the classes' scores become one number.
 * - `macro`: mean over classes, each counting the same;
 * - `weighted`: mean over classes, each counting by its number of examples;
 * - `micro`: one score over all examples, which is the accuracy when every example has one class.
 */
export type Average = 'macro' | 'micro' | 'weighted'

/** A mean over classes (default `macro`), or `of` one class alone: `{ of: 1 }` is scikit-learn's `binary`. */
export type AverageOptions =
  | { readonly average?: Average; readonly of?: undefined }
  | { readonly of: number; readonly average?: undefined }

export interface PrecisionRecallF1 {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface PrecisionRecallF1PerClass {
  /** Each [classes]. */
  readonly precision: readonly number[]
  readonly recall: readonly number[]
  readonly f1: readonly number[]
  /** Examples of each class. */
  readonly support: readonly number[]
}

/**
 * Precision, recall and their harmonic mean F1. A ratio over nothing is 0 (scikit-learn's `zero_division=0`), and means go over the
 * classes that occur in targets or predictions, as scikit-learn's do; `none` gives all classes.
 *
 * Source: scikit-learn, `precision_recall_fscore_support`.
 *
 * @param targets - true classes, [n]
 * @param predicted - predicted classes, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number (also `of`) is not from 0 to classes − 1
 *
 * @example
 * precisionRecallF1(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2, { average: 'macro' }).recall // 0.75
 * precisionRecallF1(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2, { average: 'none' }).recall // [1, 0.5]
 */
export function precisionRecallF1(
  targets: Int32Array,
  predicted: Int32Array,
  classes: number,
  options: { readonly average: 'none' },
): PrecisionRecallF1PerClass
export function precisionRecallF1(
  targets: Int32Array,
  predicted: Int32Array,
  classes: number,
  options?: AverageOptions,
): PrecisionRecallF1
export function precisionRecallF1(
  targets: Int32Array,
  predicted: Int32Array,
  classes: number,
  options: AverageOptions | { readonly average: 'none' } = {},
): PrecisionRecallF1 | PrecisionRecallF1PerClass {
  const matrix = confusionMatrix(targets, predicted, classes)
  return options.average === 'none' ? perClass(matrix) : precisionRecallF1Of(matrix, options)
}

/** {@link precisionRecallF1} of a confusion matrix. */
export function precisionRecallF1Of(
  matrix: ConfusionMatrix,
  { average = 'macro', of }: AverageOptions = {},
): PrecisionRecallF1 {
  const { counts, classes } = matrix
  const { rows: support, columns: guesses, total } = margins(counts)
  if (of !== undefined) {
    requireClass(of, classes)
    return ratios(counts[of]?.[of] ?? 0, guesses[of] ?? 0, support[of] ?? 0)
  }
  if (average === 'micro') return ratios(sum(counts.map((row, c) => row[c] ?? 0)), total, total)

  const { precision, recall, f1 } = perClass(matrix)
  const occurs = support.map((n, c) => (n + (guesses[c] ?? 0) > 0 ? 1 : 0))
  const weights = average === 'weighted' ? support : occurs
  const mean = (values: readonly number[]) => sum(values.map((value, c) => value * (weights[c] ?? 0))) / sum(weights)
  return { precision: mean(precision), recall: mean(recall), f1: mean(f1) }
}

function perClass({ counts }: ConfusionMatrix): PrecisionRecallF1PerClass {
  const { rows: support, columns: guesses } = margins(counts)
  const each = counts.map((row, c) => ratios(row[c] ?? 0, guesses[c] ?? 0, support[c] ?? 0))
  const pick = (name: keyof PrecisionRecallF1) => each.map((scores) => scores[name])
  return { precision: pick('precision'), recall: pick('recall'), f1: pick('f1'), support }
}

/**
 * Precision alone: of the examples predicted as a class, the share that is of it. See {@link precisionRecallF1}.
 *
 * @example
 * precisionScore(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2) // 0.75
 */
export const precisionScore = (targets: Int32Array, predicted: Int32Array, classes: number, options?: AverageOptions) =>
  precisionRecallF1(targets, predicted, classes, options).precision

/**
 * Recall alone: of the examples of a class, the share that was predicted as it. See {@link precisionRecallF1}.
 *
 * @example
 * recallScore(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2) // 0.75
 */
export const recallScore = (targets: Int32Array, predicted: Int32Array, classes: number, options?: AverageOptions) =>
  precisionRecallF1(targets, predicted, classes, options).recall

/**
 * F1 alone: the harmonic mean of precision and recall. See {@link precisionRecallF1}.
 *
 * @example
 * f1Score(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2, { average: 'micro' }) // 2 / 3
 */
export const f1Score = (targets: Int32Array, predicted: Int32Array, classes: number, options?: AverageOptions) =>
  precisionRecallF1(targets, predicted, classes, options).f1

const ratios = (hits: number, guesses: number, support: number): PrecisionRecallF1 => ({
  precision: ratio(hits, guesses),
  recall: ratio(hits, support),
  f1: ratio(2 * hits, guesses + support),
})
