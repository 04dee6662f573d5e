import { nanScore, requireRows } from './predictions.ts'

/**
 * The class with the highest score of each row; of equal scores the first.
 *
 * @param scores - logits or probabilities, [n, classes] row-major
 * @returns [n]
 * @throws UsageError when the scores are not rows of `classes`, or one is NaN, because then no class is the highest
 *
 * @example
 * argmax(Float32Array.of(0.1, 0.9, 0.8, 0.2), 2) // Int32Array [1, 0]
 */
export function argmax(scores: Float32Array, classes: number): Int32Array {
  requireRows(scores, classes)
  const out = new Int32Array(scores.length / classes)
  for (let row = 0; row < out.length; row++) {
    let best = -1
    let highest = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) {
      const score = scores[row * classes + c] ?? Number.NaN
      if (Number.isNaN(score)) throw nanScore(scores, classes, row * classes)
      if (score > highest || best < 0) {
        best = c
        highest = score
      }
    }
    out[row] = best
  }
  return out
}

/**
 * Exponentials of each row, normalised to sum 1: logits to probabilities.
 *
 * @param scores - logits, [n, classes] row-major
 * @returns [n, classes]
 * @throws UsageError when the scores are not rows of `classes`
 *
 * @example
 * softmax(Float32Array.of(0, 0), 2) // Float32Array [0.5, 0.5]
 */
export function softmax(scores: Float32Array, classes: number): Float32Array {
  requireRows(scores, classes)
  const out = new Float32Array(scores.length)
  for (let begin = 0; begin < scores.length; begin += classes) {
    const total = logSumExp(scores, begin, classes)
    for (let i = begin; i < begin + classes; i++) out[i] = Math.exp((scores[i] ?? 0) - total)
  }
  return out
}

/** Logarithm of the sum of exponentials of one row, with the maximum taken out so that large logits do not overflow. */
export function logSumExp(scores: Float32Array, begin: number, classes: number): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let i = begin; i < begin + classes; i++) highest = Math.max(highest, scores[i] ?? 0)
  let sum = 0
  for (let i = begin; i < begin + classes; i++) sum += Math.exp((scores[i] ?? 0) - highest)
  return highest + Math.log(sum)
}
