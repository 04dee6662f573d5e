import { UsageError } from '../errors.ts'
import { confusionMatrix } from './confusion.ts'
import { requireClasses, requireScores } from './predictions.ts'

/**
 * Share of examples whose class was predicted.
 *
 * @param targets - true classes, [n]
 * @param predicted - predicted classes, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number is negative
 *
 * @example
 * accuracyScore(Int32Array.of(0, 1, 1, 2), Int32Array.of(0, 1, 2, 2)) // 0.75
 */
export function accuracyScore(targets: Int32Array, predicted: Int32Array): number {
  requireClasses(targets, predicted)
  let hits = 0
  for (let i = 0; i < targets.length; i++) if (targets[i] === predicted[i]) hits++
  return hits / targets.length
}

/**
 * Mean recall over the classes that occur in the targets: chance is 1 / classes however unequal the classes are.
 *
 * Source: Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010; scikit-learn, `adjusted=False`.
 *
 * @throws UsageError as {@link confusionMatrix} does
 *
 * @example
 * balancedAccuracyScore(Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 0, 0, 0), 2) // 0.5
 */
export function balancedAccuracyScore(targets: Int32Array, predicted: Int32Array, classes: number): number {
  const recalls = confusionMatrix(targets, predicted, classes).counts.flatMap((row, c) => {
    const support = row.reduce((a, b) => a + b, 0)
    return support === 0 ? [] : [(row[c] ?? 0) / support]
  })
  return recalls.reduce((a, b) => a + b, 0) / recalls.length
}

/**
 * Share of examples whose class is among the k highest scores. Of equal scores the lower class number ranks higher, so that
 * k = 1 is the accuracy of `argmax`; scikit-learn ranks them the other way round.
 *
 * @param targets - true classes, [n]
 * @param scores - logits or probabilities, [n, classes] row-major
 * @param options - k: how many of the highest scores count (default 5)
 * @throws UsageError when k is not from 1 to classes, a score is NaN, or the shapes do not fit
 *
 * @example
 * topKAccuracyScore(Int32Array.of(2), Float32Array.of(0.5, 0.2, 0.3), 3, { k: 2 }) // 1
 */
export function topKAccuracyScore(
  targets: Int32Array,
  scores: Float32Array,
  classes: number,
  { k = 5 }: { readonly k?: number } = {},
): number {
  requireScores(scores, classes, targets)
  if (!Number.isInteger(k) || k < 1 || k > classes)
    throw new UsageError(`k is ${k} and there are ${classes} classes: give a k from 1 to ${classes}`)
  let hits = 0
  for (const [row, target] of targets.entries()) {
    const begin = row * classes
    const own = scores[begin + target] ?? Number.NaN
    let ahead = 0
    for (let c = 0; c < classes; c++) {
      const score = scores[begin + c] ?? Number.NaN
      if (Number.isNaN(score))
        throw new UsageError(
          `the score of class ${c} in row ${row} is NaN: the model diverged; lower the learning rate`,
        )
      if (score > own || (score === own && c < target)) ahead++
    }
    if (ahead < k) hits++
  }
  return hits / targets.length
}
