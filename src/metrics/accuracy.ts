import { UsageError } from '../errors.ts'
import { type ConfusionMatrix, confusionMatrix, margins } from './confusion.ts'
import { nanScore, requireClasses, requireScores } from './predictions.ts'
import { resampledMean } from './resampled.ts'

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
export const accuracyScore = (targets: Int32Array, predicted: Int32Array): number =>
  resampledMean(hits(targets, predicted))()

/** 1 where the class was predicted, 0 elsewhere, [n]. */
export function hits(targets: Int32Array, predicted: Int32Array): Float64Array {
  requireClasses(targets, predicted)
  return Float64Array.from(targets, (target, i) => Number(target === predicted[i]))
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
export const balancedAccuracyScore = (targets: Int32Array, predicted: Int32Array, classes: number): number =>
  balancedAccuracyOf(confusionMatrix(targets, predicted, classes))

/** {@link balancedAccuracyScore} of a confusion matrix. */
export function balancedAccuracyOf({ counts }: ConfusionMatrix): number {
  const recalls = margins(counts).rows.flatMap((support, c) => (support === 0 ? [] : [(counts[c]?.[c] ?? 0) / support]))
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
export const topKAccuracyScore = (
  targets: Int32Array,
  scores: Float32Array,
  classes: number,
  { k = 5 }: { readonly k?: number } = {},
): number => resampledMean(topKHits(targets, scores, classes, k))()

/** 1 where the class is among the k highest scores, 0 elsewhere, [n]. */
export function topKHits(targets: Int32Array, scores: Float32Array, classes: number, k: number): Float64Array {
  requireScores(scores, classes, targets)
  if (!Number.isInteger(k) || k < 1 || k > classes)
    throw new UsageError(`k is ${k} and there are ${classes} classes: give a k from 1 to ${classes}`)
  return Float64Array.from(targets, (target, row) => {
    const begin = row * classes
    const own = scores[begin + target] ?? Number.NaN
    let ahead = 0
    for (let c = 0; c < classes; c++) {
      const score = scores[begin + c] ?? Number.NaN
      if (Number.isNaN(score)) throw nanScore(scores, classes, begin)
      if (score > own || (score === own && c < target)) ahead++
    }
    return Number(ahead < k)
  })
}
