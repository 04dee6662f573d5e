import { requireProbabilities, requireScores } from './predictions.ts'
import { resampledMean } from './resampled.ts'
import { logSumExp } from './scores.ts'

/** Spacing of float32 at 1: a probability closer to 0 or 1 than this counts as this, as in scikit-learn. */
const EPSILON = 2 ** -23

/**
 * Mean negative log-likelihood of the true classes, in nats. Probabilities are kept 2^-23 away from 0 and 1, so a sure mistake costs
 * 15.9 rather than infinity; scikit-learn's `log_loss` does the same for float32.
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major; logits are refused
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, or the shapes do not fit
 *
 * @example
 * logLossScore(Int32Array.of(0), Float32Array.of(0.5, 0.5), 2) // 0.693…, the loss of chance between two classes
 */
export function logLossScore(targets: Int32Array, probabilities: Float32Array, classes: number): number {
  requireProbabilities(probabilities, classes, targets)
  let sum = 0
  for (const [row, target] of targets.entries())
    sum -= Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probabilities[row * classes + target] ?? Number.NaN)))
  return sum / targets.length
}

/**
 * Mean cross-entropy of logits, in nats: what PyTorch's `cross_entropy` gives, summed in float64.
 *
 * @param targets - true classes, [n]
 * @param scores - logits, [n, classes] row-major
 * @throws UsageError when the shapes do not fit
 *
 * @example
 * crossEntropyScore(Int32Array.of(0), Float32Array.of(0, 0), 2) // 0.693…
 */
export const crossEntropyScore = (targets: Int32Array, scores: Float32Array, classes: number): number =>
  resampledMean(crossEntropies(targets, scores, classes))()

/** Cross-entropy of each example, [n]. */
export function crossEntropies(targets: Int32Array, scores: Float32Array, classes: number): Float64Array {
  requireScores(scores, classes, targets)
  return Float64Array.from(
    targets,
    (target, row) => logSumExp(scores, row * classes, classes) - (scores[row * classes + target] ?? Number.NaN),
  )
}
