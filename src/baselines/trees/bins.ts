import type { Table } from '../baseline.ts'

/** Features cut into steps, so that a tree looks for a split among few. */
export interface Bins {
  /** Step of each sample, feature after feature: `[features, rows]`. */
  readonly steps: Uint8Array
  /** Of each feature: values between its steps, ascending. A sample is in the first step whose edge is not below it. */
  readonly edges: readonly Float32Array[]
}

/** More different values than this are put together in as many steps with about as many samples each. */
const STEPS = 64

/** Cuts every feature of the samples. */
export function binsOf({ data, rows, width }: Table): Bins {
  const steps = new Uint8Array(rows * width)
  const column = new Float32Array(rows)
  const edges = Array.from({ length: width }, (_, feature) => {
    for (let row = 0; row < rows; row++) column[row] = data[row * width + feature] ?? 0
    const own = edgesOf(column.toSorted())
    for (let row = 0; row < rows; row++) steps[feature * rows + row] = stepOf(own, column[row] ?? 0)
    return own
  })
  return { steps, edges }
}

function edgesOf(sorted: Float32Array): Float32Array {
  const between: number[] = []
  for (let i = 1; i < sorted.length; i++) {
    const [below, above] = [sorted[i - 1] ?? 0, sorted[i] ?? 0]
    if (below < above) between.push(edgeBetween(below, above))
  }
  if (between.length < STEPS) return Float32Array.from(between)
  const edges: number[] = []
  for (let step = 1; step < STEPS; step++) {
    const at = Math.floor((step * sorted.length) / STEPS)
    const value = sorted[at] ?? 0
    // The edge just above a value that many samples have leaves them together.
    const edge = between.find((one) => one >= value)
    if (edge !== undefined && edge !== edges.at(-1)) edges.push(edge)
  }
  return Float32Array.from(edges)
}

/** The middle, or the lower one where float32 knows nothing between them. */
export function edgeBetween(below: number, above: number): number {
  const middle = Math.fround(below + (above - below) / 2)
  return middle < above ? middle : below
}

function stepOf(edges: Float32Array, value: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
