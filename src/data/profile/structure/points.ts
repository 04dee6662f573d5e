/** Points side by side, [n, d] row-major. */
export interface Points {
  readonly data: Float32Array | Float64Array
  readonly n: number
  readonly d: number
}

/** Euclidean distance of every two points, [n, n]. */
export function distances({ data, n, d }: Points): Float32Array {
  const out = new Float32Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let squared = 0
      for (let c = 0; c < d; c++) {
        const difference = (data[i * d + c] ?? 0) - (data[j * d + c] ?? 0)
        squared += difference * difference
      }
      const distance = Math.sqrt(squared)
      out[i * n + j] = distance
      out[j * n + i] = distance
    }
  return out
}

/** One array a point, which libraries ask for. */
export const pointRows = ({ data, n, d }: Points): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)))
