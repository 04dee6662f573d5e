/**
 * Sum of the squares of a stretch of numbers, in float64: a float32 squared always fits. Four sums side by side do not wait
 * for each other; their order is fixed, so the same numbers always give the same sum. NaN and infinities come through.
 */
export function sumOfSquares(numbers: Float32Array, start = 0, end = numbers.length): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = start
  for (; i + 3 < end; i += 4) {
    const p = numbers[i] ?? 0
    const q = numbers[i + 1] ?? 0
    const r = numbers[i + 2] ?? 0
    const s = numbers[i + 3] ?? 0
    a += p * p
    b += q * q
    c += r * r
    d += s * s
  }
  for (; i < end; i++) a += (numbers[i] ?? 0) ** 2
  return a + b + (c + d)
}

/** Multiplies a stretch of numbers in place. */
export function scale(numbers: Float32Array, factor: number, start = 0, end = numbers.length): void {
  for (let i = start; i < end; i++) numbers[i] = (numbers[i] ?? 0) * factor
}
