/** Makes 0 of 0/0 and changes no other float32, of which the smallest is 1e-45. */
const TINY = 1e-300

/**
 * θ/|θ|, and 0 for 0; NaN stays, so that a divergence is seen. Signs of weights are as hard to foresee as coin tosses: with
 * branches, and `Math.sign` has them, a loop takes six times as long.
 */
export const signOf = (value: number): number => value / (Math.abs(value) + TINY)

/**
 * The proximal map of t·|θ|, in place: every number moves towards 0 by `threshold` and stops there, exactly, then is
 * multiplied by `factor`.
 */
export function softThreshold(numbers: Float32Array, threshold: number, factor = 1): void {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0
    const over = Math.abs(value) - threshold
    // Half of the sum is max(0, over).
    numbers[i] = ((over + Math.abs(over)) / 2) * signOf(value) * factor
  }
}

/** Σ|θ| */
export function sumOfMagnitudes(numbers: Float32Array): number {
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += Math.abs(numbers[i] ?? 0)
  return sum
}
