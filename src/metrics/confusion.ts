import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { type ClassificationPredictions, requireClasses } from './predictions.ts'
import type { Counts, Resampled } from './resampled.ts'
import { argmax } from './scores.ts'

export interface ConfusionMatrix {
  readonly classes: number
  /** counts[i][j]: examples of class i that were predicted as j, [classes, classes]. */
  readonly counts: readonly (readonly number[])[]
}

export const confusionKind = new ResultKind<ConfusionMatrix>()

/**
 * Counts of every pair (true class, predicted class); rows are true classes, as in scikit-learn.
 *
 * @param targets - true classes, [n]
 * @param predicted - predicted classes, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number is not from 0 to classes − 1
 *
 * @example
 * confusionMatrix(Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 1), 2).counts // [[1, 1], [0, 1]]
 */
export const confusionMatrix = (targets: Int32Array, predicted: Int32Array, classes: number): ConfusionMatrix =>
  confusionKind.mark(tally(cellsOf(targets, predicted, classes), classes))

/**
 * A confusion matrix as shares: of each true class (`true`: rows sum to 1, the diagonal holds recalls), of each predicted class
 * (`pred`: columns sum to 1, the diagonal holds precisions) or of all examples (`all`). A row or column of nothing is 0.
 *
 * Source: scikit-learn, `confusion_matrix(normalize=…)`.
 *
 * @returns [classes, classes]
 *
 * @example
 * normalizeConfusion(confusionMatrix(Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 1), 2), 'true') // [[0.5, 0.5], [0, 1]]
 */
export function normalizeConfusion({ counts }: ConfusionMatrix, over: 'true' | 'pred' | 'all'): number[][] {
  const { rows, columns, total } = margins(counts)
  return counts.map((row, i) =>
    row.map((count, j) => ratio(count, over === 'all' ? total : ((over === 'true' ? rows[i] : columns[j]) ?? 0))),
  )
}

/** How many examples each row, each column and the whole of a confusion matrix holds. */
export function margins(counts: ConfusionMatrix['counts']) {
  const rows = counts.map(sum)
  const columns = counts.map((_, j) => sum(counts.map((row) => row[j] ?? 0)))
  return { rows, columns, total: sum(rows) }
}

/** A metric that the confusion matrix of the highest scores decides. */
export const ofConfusion =
  (score: (matrix: ConfusionMatrix) => number) =>
  ({ targets, scores, classes }: ClassificationPredictions): Resampled => {
    const cells = cellsOf(targets, argmax(scores, classes), classes)
    return (counts) => score(tally(cells, classes, counts))
  }

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
/** A ratio over nothing is 0, scikit-learn's `zero_division=0`. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Where in the matrix each example counts, [n]. */
function cellsOf(targets: Int32Array, predicted: Int32Array, classes: number): Int32Array {
  if (!Number.isInteger(classes) || classes < 1)
    throw new UsageError(`classes is ${classes}: give a whole number of at least 1`)
  requireClasses(targets, predicted, classes)
  return targets.map((target, i) => target * classes + (predicted[i] ?? 0))
}

function tally(cells: Int32Array, classes: number, counts?: Counts): ConfusionMatrix {
  const flat = new Float64Array(classes * classes)
  if (counts === undefined) for (const cell of cells) flat[cell] = (flat[cell] ?? 0) + 1
  else
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? 0
      flat[cell] = (flat[cell] ?? 0) + (counts[i] ?? 0)
    }
  const rows = Array.from({ length: classes }, (_, row) => [...flat.subarray(row * classes, (row + 1) * classes)])
  return { classes, counts: rows }
}
