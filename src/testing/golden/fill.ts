/**
 * The i-th value is offset + scale · sin(phase + 0.7 i + 0.013 i²), in float64, rounded once to float32.
 *
 * @example
 * fill(3, 0.4, 1) // Float32Array [0.38941833, 0.8968787, 0.9581963]
 */
export function fill(n: number, phase: number, scale: number, offset = 0): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => offset + scale * Math.sin(phase + 0.7 * i + 0.013 * i * i))
}

/**
 * Class numbers that run through all classes (unless `classes` is a multiple of 7).
 *
 * @example
 * labels(4, 10) // Int32Array [3, 0, 7, 4]
 */
export function labels(n: number, classes: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => (7 * i + 3) % classes)
}

/** The number of elements of a shape; 1 for a scalar. */
export const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
