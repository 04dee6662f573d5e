import { UsageError } from '../errors.ts'
import { requireProbabilities } from './predictions.ts'
import type { Resampled } from './resampled.ts'

export interface CalibrationOptions {
  /** Bins of equal width between 0 and 1 (default 15, as Guo et al.). */
  readonly bins?: number
}

/** Examples whose confidence lies in (low, high]. */
export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  readonly count: number
  /** Mean probability of the predicted class; NaN in an empty bin. */
  readonly confidence: number
  /** Share of them that was predicted right; NaN in an empty bin. */
  readonly accuracy: number
}

/**
 * The bins of a reliability diagram: how often a model that is so sure of the class it predicts is right. On the diagonal
 * (accuracy = confidence) it is calibrated, below it overconfident.
 *
 * Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @returns one for each bin, also for empty ones, from confidence 0 to 1
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, there is no example, or bins is no count
 *
 * @example
 * reliabilityBins(Int32Array.of(0, 1), Float32Array.of(0.8, 0.2, 0.7, 0.3), 2, { bins: 2 })[1] // 2 examples, 0.75 sure, half right
 */
export function reliabilityBins(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: CalibrationOptions,
): ReliabilityBin[] {
  requireProbabilities(probabilities, classes, targets)
  const { bins, bin, confidence, right } = binned(targets, probabilities, classes, options)
  const [counts, sums, hits] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)]
  for (let i = 0; i < targets.length; i++) {
    const b = bin[i] ?? 0
    counts[b] = (counts[b] ?? 0) + 1
    sums[b] = (sums[b] ?? 0) + (confidence[i] ?? 0)
    hits[b] = (hits[b] ?? 0) + (right[i] ?? 0)
  }
  return Array.from(counts, (count, b) => ({
    low: b / bins,
    high: (b + 1) / bins,
    count,
    confidence: (sums[b] ?? 0) / count,
    accuracy: (hits[b] ?? 0) / count,
  }))
}

/**
 * Expected calibration error of the predicted class: Σ (count / n)·|accuracy − confidence| over the bins of {@link reliabilityBins}.
 * 0 is calibrated. It depends on the bins and is biased upwards where these hold few examples: compare models on the same split.
 *
 * Source: Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015; Guo et al., ICML 2017.
 *
 * @throws UsageError as {@link reliabilityBins} does
 *
 * @example
 * expectedCalibrationError(Int32Array.of(0, 1), Float32Array.of(0.8, 0.2, 0.7, 0.3), 2) // 0.45
 */
export function expectedCalibrationError(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: CalibrationOptions,
): number {
  requireProbabilities(probabilities, classes, targets)
  return calibrationErrorOf(targets, probabilities, classes, options)()
}

/** {@link expectedCalibrationError} for many resamples. */
export function calibrationErrorOf(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: CalibrationOptions,
): Resampled {
  const { bins, bin, confidence, right } = binned(targets, probabilities, classes, options)
  return (counts) => {
    const gaps = new Float64Array(bins)
    let n = 0
    for (let i = 0; i < bin.length; i++) {
      const b = bin[i] ?? 0
      const count = counts === undefined ? 1 : (counts[i] ?? 0)
      gaps[b] = (gaps[b] ?? 0) + count * ((right[i] ?? 0) - (confidence[i] ?? 0))
      n += count
    }
    return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n
  }
}

/** Of each example, [n]: probability of the predicted class, its bin, and whether it is right. */
function binned(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { bins = 15 }: CalibrationOptions = {},
) {
  if (!Number.isInteger(bins) || bins < 1) throw new UsageError(`bins is ${bins}: give a whole number of at least 1`)
  const n = targets.length
  const [bin, confidence, right] = [new Uint32Array(n), new Float64Array(n), new Uint8Array(n)]
  for (let i = 0; i < n; i++) {
    let [best, highest] = [0, Number.NEGATIVE_INFINITY]
    for (let c = 0; c < classes; c++) {
      const p = probabilities[i * classes + c] ?? 0
      if (p > highest) [best, highest] = [c, p]
    }
    confidence[i] = highest
    bin[i] = Math.min(bins - 1, Math.max(0, Math.ceil(highest * bins) - 1))
    right[i] = Number(best === targets[i])
  }
  return { bins, bin, confidence, right }
}
