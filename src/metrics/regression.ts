import { requireSameLength } from './predictions.ts'

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
  meanOfErrors(targets, outputs, (error) => error * error)

/**
 * Mean absolute error, in the target's unit; see {@link meanSquaredError}.
 *
 * @example
 * meanAbsoluteError(Float32Array.of(1, 2), Float32Array.of(1, 4)) // 1
 */
export const meanAbsoluteError = (targets: Float32Array, outputs: Float32Array): number =>
  meanOfErrors(targets, outputs, Math.abs)

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
export function r2Score(targets: Float32Array, outputs: Float32Array): number {
  const residual = meanSquaredError(targets, outputs)
  const mean = targets.reduce((a, b) => a + b, 0) / targets.length
  const total = targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length
  if (total === 0) return residual === 0 ? 1 : Number.isNaN(residual) ? residual : 0
  return 1 - residual / total
}

function meanOfErrors(targets: Float32Array, outputs: Float32Array, cost: (error: number) => number): number {
  requireSameLength('outputs', outputs, targets)
  let sum = 0
  for (let i = 0; i < targets.length; i++) sum += cost((outputs[i] ?? Number.NaN) - (targets[i] ?? Number.NaN))
  return sum / targets.length
}
