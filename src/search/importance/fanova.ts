import { type Box, lengthOf, volumeOf } from './boxes.ts'

/** How the variance of a function over the unit cube comes about, in shares of it. */
export interface Decomposition {
  /** Of the mean as a function of one axis. */
  readonly single: readonly number[]
  /** What two axes do together beyond what each does alone, for all `first < second`. */
  readonly pairs: readonly { readonly first: number; readonly second: number; readonly share: number }[]
}

/**
 * The functional analysis of variance of a function that is constant on boxes, exactly: means over all other axes, and their variances.
 *
 * Source: Hutter, Hoos, Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014.
 *
 * @param boxes - together the unit cube
 * @returns undefined where the function is constant
 */
export function fanova(boxes: readonly Box[], axes: number): Decomposition | undefined {
  const weighed = boxes.map((box) => ({ ...box, volume: volumeOf(box) }))
  const mean = weighed.reduce((sum, { value, volume }) => sum + value * volume, 0)
  const variance = weighed.reduce((sum, { value, volume }) => sum + (value - mean) ** 2 * volume, 0)
  if (!(variance > 0)) return undefined
  const edges = Array.from({ length: axes }, (_, axis) => edgesOf(boxes, axis))
  const own = edges.map((_, axis) => varianceOf(weighed, [axis], edges, mean) / variance)
  const pairs = edges.flatMap((_, first) =>
    Array.from({ length: axes - first - 1 }, (__, i) => {
      const second = first + 1 + i
      const together = varianceOf(weighed, [first, second], edges, mean) / variance
      // Rounding alone can make it less than nothing.
      return { first, second, share: Math.max(0, together - (own[first] ?? 0) - (own[second] ?? 0)) }
    }),
  )
  return { single: own, pairs }
}

const edgesOf = (boxes: readonly Box[], axis: number): Float64Array =>
  Float64Array.from(new Set([0, 1, ...boxes.map(({ low }) => low[axis] ?? 0)])).sort()

/** The variance of the mean over all axes but the given one or two. */
function varianceOf(
  boxes: readonly (Box & { readonly volume: number })[],
  [first = 0, second]: readonly number[],
  edges: readonly Float64Array[],
  mean: number,
): number {
  const along = edges[first] ?? new Float64Array()
  const across = second === undefined ? Float64Array.of(0, 1) : (edges[second] ?? new Float64Array())
  const [rows, columns] = [along.length - 1, across.length - 1]
  // What a box adds is noted at its corners; sums from the first corner on are then the means.
  const sums = new Float64Array((rows + 1) * (columns + 1))
  const add = (row: number, column: number, value: number): void => {
    const at = row * (columns + 1) + column
    sums[at] = (sums[at] ?? 0) + value
  }
  for (const box of boxes) {
    const share = (box.value * box.volume) / lengthOf(box, first) / (second === undefined ? 1 : lengthOf(box, second))
    const [top, bottom] = [indexOf(along, box.low[first] ?? 0), indexOf(along, box.high[first] ?? 1)]
    const [left, right] =
      second === undefined ? [0, 1] : [indexOf(across, box.low[second] ?? 0), indexOf(across, box.high[second] ?? 1)]
    add(top, left, share)
    add(top, right, -share)
    add(bottom, left, -share)
    add(bottom, right, share)
  }
  let total = 0
  const above = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    let here = 0
    const height = (along[row + 1] ?? 0) - (along[row] ?? 0)
    for (let column = 0; column < columns; column++) {
      here += sums[row * (columns + 1) + column] ?? 0
      const value = (above[column] ?? 0) + here
      above[column] = value
      total += height * ((across[column + 1] ?? 0) - (across[column] ?? 0)) * (value - mean) ** 2
    }
  }
  return total
}

/** Where a value is in a list in order. */
function indexOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
