import { UsageError } from '../errors.ts'
import { requireClasses } from './predictions.ts'

export interface ConfusionMatrix {
  readonly classes: number
  /** counts[i][j]: examples of class i that were predicted as j, [classes, classes]. */
  readonly counts: readonly (readonly number[])[]
}

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
export function confusionMatrix(targets: Int32Array, predicted: Int32Array, classes: number): ConfusionMatrix {
  if (!Number.isInteger(classes) || classes < 1)
    throw new UsageError(`classes is ${classes}: give a whole number of at least 1`)
  requireClasses(targets, predicted, classes)
  const flat = new Float64Array(classes * classes)
  for (let i = 0; i < targets.length; i++) {
    const cell = (targets[i] ?? 0) * classes + (predicted[i] ?? 0)
    flat[cell] = (flat[cell] ?? 0) + 1
  }
  const counts = Array.from({ length: classes }, (_, row) => [...flat.subarray(row * classes, (row + 1) * classes)])
  return { classes, counts }
}
