import { requireProbabilities } from './predictions.ts'
import { resampledMean } from './resampled.ts'

export interface BrierOptions {
  /** Halves the sum, so that it lies in [0, 1] and not in [0, 2]. Default: for two classes, as in scikit-learn. */
  readonly scaleByHalf?: boolean
}

/**
 * Brier score: mean over examples of Σ (pₖ − yₖ)² over classes, y being 1 for the true class. For two classes half of that, (p₁ − y₁)²,
 * scikit-learn's `brier_score_loss`. 0 is perfect; being sure and wrong costs most, but not infinitely much as in log loss.
 *
 * Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, or there is no example
 *
 * @example
 * brierScoreLoss(Int32Array.of(1), Float32Array.of(0.25, 0.75), 2) // 0.0625
 */
export function brierScoreLoss(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: BrierOptions,
): number {
  requireProbabilities(probabilities, classes, targets)
  return resampledMean(brierCosts(targets, probabilities, classes, options))()
}

/** What each example costs, [n]. */
export function brierCosts(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { scaleByHalf = classes === 2 }: BrierOptions = {},
): Float64Array {
  const scale = scaleByHalf ? 0.5 : 1
  return Float64Array.from(targets, (target, i) => {
    let sum = 0
    for (let c = 0; c < classes; c++) sum += ((probabilities[i * classes + c] ?? 0) - Number(c === target)) ** 2
    return scale * sum
  })
}
