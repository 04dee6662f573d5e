import { requireSameLength } from './predictions.ts'
import { type Counts, type Resampled, resampledMean } from './resampled.ts'

/**
 * Mean squared error, over all examples and all outputs alike; the unit is the target's, squared.
 *
 * @param targets - true values, [n, …]
 * @param outputs - predicted values, shaped as the targets
 * @throws UsageError when the lengths differ, or there is no value
 *
 * @example
 * meanSquaredError(Float32Array.of(1, 2), Float32Array.of(1, 4)) // 2
 */
export const meanSquaredError = (targets: Float32Array, outputs: Float32Array): number =>
  resampledMean(costs(targets, outputs, squared))()

/**
 * Mean absolute error, in the target's unit; see {@link meanSquaredError}.
 *
 * @example
 * meanAbsoluteError(Float32Array.of(1, 2), Float32Array.of(1, 4)) // 1
 */
export const meanAbsoluteError = (targets: Float32Array, outputs: Float32Array): number =>
  resampledMean(costs(targets, outputs, Math.abs))()

/**
 * Root of the mean squared error, in the target's unit; see {@link meanSquaredError}.
 *
 * @example
 * rootMeanSquaredError(Float32Array.of(0, 0), Float32Array.of(3, 3)) // 3
 */
export const rootMeanSquaredError = (targets: Float32Array, outputs: Float32Array): number =>
  Math.sqrt(meanSquaredError(targets, outputs))

/**
 * Coefficient of determination: 1 is perfect, 0 is as good as the targets' own mean, below 0 is worse than it.
 * Constant targets give 1 when every output hits them and 0 otherwise, as in scikit-learn. Several outputs are pooled; to treat each
 * on its own, call it once for each.
 *
 * @throws UsageError when the lengths differ, or there is no value
 *
 * @example
 * r2Score(Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 4)) // 0.5
 */
export const r2Score = (targets: Float32Array, outputs: Float32Array): number => r2Of(targets, outputs)()

/** {@link r2Score} for many resamples; `width` numbers belong to each example. */
export function r2Of(targets: Float32Array, outputs: Float32Array, width = 1): Resampled {
  requireSameLength('outputs', outputs, targets)
  const errors = differences(targets, outputs)
  return (counts) => {
    const residual = meanOf(errors, width, counts, squared)
    return explained(residual, varianceOf(targets, width, counts))
  }
}

/**
 * Share of the targets' variance that the outputs explain, 1 − Var(y − ŷ) / Var(y): {@link r2Score}, but outputs that are all off by
 * the same number lose nothing by it. Constant targets give 1 when the errors are constant too and 0 otherwise, as in scikit-learn.
 * Several outputs are pooled.
 *
 * @throws UsageError when the lengths differ, or there is no value
 *
 * @example
 * explainedVarianceScore(Float32Array.of(1, 2, 3), Float32Array.of(2, 3, 4)) // 1
 */
export const explainedVarianceScore = (targets: Float32Array, outputs: Float32Array): number =>
  explainedVarianceOf(targets, outputs)()

/** {@link explainedVarianceScore} for many resamples; `width` numbers belong to each example. */
export function explainedVarianceOf(targets: Float32Array, outputs: Float32Array, width = 1): Resampled {
  requireSameLength('outputs', outputs, targets)
  const errors = differences(targets, outputs)
  return (counts) => explained(varianceOf(errors, width, counts), varianceOf(targets, width, counts))
}

/**
 * The largest absolute error, in the target's unit: one example decides it.
 *
 * @throws UsageError when the lengths differ, or there is no value
 *
 * @example
 * maxErrorScore(Float32Array.of(1, 2), Float32Array.of(1, 4)) // 2
 */
export const maxErrorScore = (targets: Float32Array, outputs: Float32Array): number => maxErrorOf(targets, outputs)()

/** {@link maxErrorScore} for many resamples; `width` numbers belong to each example. */
export function maxErrorOf(targets: Float32Array, outputs: Float32Array, width = 1): Resampled {
  requireSameLength('outputs', outputs, targets)
  const errors = differences(targets, outputs)
  return (counts) => {
    let largest = 0
    for (const [i, error] of errors.entries())
      if (counts === undefined || (counts[Math.floor(i / width)] ?? 0) > 0) largest = Math.max(largest, Math.abs(error))
    return largest
  }
}

/** Cost of each example, its `width` numbers averaged, [n]. */
export function costs(
  targets: Float32Array,
  outputs: Float32Array,
  cost: (error: number) => number,
  width = 1,
): Float64Array {
  requireSameLength('outputs', outputs, targets)
  const out = new Float64Array(targets.length / width)
  for (const [i, error] of differences(targets, outputs).entries()) {
    const example = Math.floor(i / width)
    out[example] = (out[example] ?? 0) + cost(error) / width
  }
  return out
}

export const squared = (error: number): number => error * error

const differences = (targets: Float32Array, outputs: Float32Array): Float64Array =>
  Float64Array.from(targets, (target, i) => (outputs[i] ?? Number.NaN) - target)

const explained = (residual: number, total: number): number => {
  if (total === 0) return residual === 0 ? 1 : Number.isNaN(residual) ? residual : 0
  return 1 - residual / total
}

function meanOf(
  values: Float32Array | Float64Array,
  width: number,
  counts: Counts | undefined,
  of: (value: number) => number,
): number {
  let [sum, n] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const count = counts === undefined ? 1 : (counts[Math.floor(i / width)] ?? 0)
    if (count === 0) continue
    sum += count * of(values[i] ?? Number.NaN)
    n += count
  }
  return sum / n
}

function varianceOf(values: Float32Array | Float64Array, width: number, counts: Counts | undefined): number {
  const mean = meanOf(values, width, counts, (value) => value)
  return meanOf(values, width, counts, (value) => (value - mean) ** 2)
}
