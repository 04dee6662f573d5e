import type { Table } from '../baseline.ts'
import { type Bins, edgeBetween } from './bins.ts'

/** What a tree tells apart: a class of each row, or several numbers. */
export interface Wanted {
  /** `[rows, width]` */
  readonly values: Float32Array
  readonly width: number
}

export interface TreeOptions {
  /** Features looked at for each split, drawn anew each time. */
  readonly features: number
  /** Splits from the root to a leaf, at most. */
  readonly depth: number
  /** Samples in a leaf, at least. */
  readonly leaf: number
}

/** Nodes side by side; node 0 is the root. */
export interface Tree {
  /** Feature that a node splits by; −1 for a leaf. */
  readonly feature: readonly number[]
  /** Samples with at most this value go left. */
  readonly threshold: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Of leaves: the mean of what their samples want, `[width]`. */
  readonly mean: readonly (Float32Array | undefined)[]
}

/**
 * Grows a tree that lowers the squared error of the mean in its leaves as much as each split can. Where the wanted numbers
 * are 1 for the own class and 0 for others, that is Gini's impurity, and the means are shares of the classes.
 *
 * Source: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984.
 *
 * @param counts how often each row is in the sample
 * @param chance numbers from 0 to below 1
 */
export function growTree(
  bins: Bins,
  wanted: Wanted,
  counts: Uint8Array,
  options: TreeOptions,
  chance: () => number,
): Tree {
  const { values, width } = wanted
  const tree = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    mean: [] as (Float32Array | undefined)[],
  }
  const rows = Uint32Array.from(counts.keys()).filter((row) => (counts[row] ?? 0) > 0)
  const look = splitFinder(bins, wanted, counts, options, chance)
  const add = (): number => {
    tree.feature.push(-1)
    tree.threshold.push(0)
    tree.left.push(-1)
    tree.right.push(-1)
    return tree.mean.push(undefined) - 1
  }
  const waiting = [{ node: add(), begin: 0, end: rows.length, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, begin, end, depth } = next
    const own = rows.subarray(begin, end)
    const { sums, count } = totalsOf(own)
    const split = depth < options.depth && count >= 2 * options.leaf ? look(own, sums, count) : undefined
    if (split === undefined) {
      tree.mean[node] = Float32Array.from(sums, (sum) => sum / count)
      continue
    }
    const middle = begin + partition(own, bins.steps, split, counts.length)
    const [left, right] = [add(), add()]
    tree.feature[node] = split.feature
    tree.threshold[node] = split.threshold
    tree.left[node] = left
    tree.right[node] = right
    waiting.push({ node: right, begin: middle, end, depth: depth + 1 })
    waiting.push({ node: left, begin, end: middle, depth: depth + 1 })
  }
  return tree

  function totalsOf(own: Uint32Array) {
    const sums = new Float64Array(width)
    let count = 0
    for (const row of own) {
      const times = counts[row] ?? 0
      count += times
      for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + times * (values[row * width + k] ?? 0)
    }
    return { sums, count }
  }
}

interface Split {
  readonly feature: number
  /** Last step that goes left. */
  readonly step: number
  readonly threshold: number
}

/** Rows that go left come first; returns how many. */
function partition(own: Uint32Array, steps: Uint8Array, { feature, step }: Split, rows: number): number {
  let left = 0
  for (let i = 0; i < own.length; i++) {
    const row = own[i] ?? 0
    if ((steps[feature * rows + row] ?? 0) > step) continue
    own[i] = own[left] ?? 0
    own[left++] = row
  }
  return left
}

/** Looks for the best split of some rows among features drawn by chance; undefined where none makes a difference. */
function splitFinder(
  { steps, edges }: Bins,
  { values, width }: Wanted,
  counts: Uint8Array,
  { features, leaf }: TreeOptions,
  chance: () => number,
) {
  const rows = counts.length
  const candidates = Uint32Array.from(edges.keys()).filter((feature) => (edges[feature]?.length ?? 0) > 0)
  const most = edges.reduce((longest, own) => Math.max(longest, own.length + 1), 0)
  const [sumsOf, countsOf] = [new Float64Array(most * width), new Float64Array(most)]
  const leftSums = new Float64Array(width)

  return (own: Uint32Array, sums: Float64Array, count: number): Split | undefined => {
    let best: Split | undefined
    // What a split must beat: the sum of squares over the count, of all rows together.
    let bestGain = ((1 + 1e-9) * squares(sums)) / count
    if (isPure(sums, count)) return undefined
    for (let drawn = 0; drawn < candidates.length; drawn++) {
      // Beyond the number of features asked for, only until there is any split.
      if (drawn >= features && best !== undefined) break
      const at = drawn + Math.floor(chance() * (candidates.length - drawn))
      const feature = candidates[at] ?? 0
      candidates[at] = candidates[drawn] ?? 0
      candidates[drawn] = feature
      const between = edges[feature] ?? new Float32Array()
      fill(own, feature, between.length + 1)
      leftSums.fill(0)
      let leftCount = 0
      let last = -1
      for (let step = 0; step <= between.length; step++) {
        const here = countsOf[step] ?? 0
        if (here === 0) continue
        if (last >= 0 && leftCount >= leaf && count - leftCount >= leaf) {
          const gain = gainOf(sums, count, leftCount)
          if (gain > bestGain) {
            bestGain = gain
            const threshold = edgeBetween(between[last] ?? 0, between[step - 1] ?? 0)
            best = { feature, step: last, threshold }
          }
        }
        for (let k = 0; k < width; k++) leftSums[k] = (leftSums[k] ?? 0) + (sumsOf[step * width + k] ?? 0)
        leftCount += here
        last = step
      }
    }
    return best
  }

  function fill(own: Uint32Array, feature: number, length: number): void {
    sumsOf.fill(0, 0, length * width)
    countsOf.fill(0, 0, length)
    const start = feature * rows
    for (let i = 0; i < own.length; i++) {
      const row = own[i] ?? 0
      const step = steps[start + row] ?? 0
      const times = counts[row] ?? 0
      countsOf[step] = (countsOf[step] ?? 0) + times
      const [to, from] = [step * width, row * width]
      for (let k = 0; k < width; k++) sumsOf[to + k] = (sumsOf[to + k] ?? 0) + times * (values[from + k] ?? 0)
    }
  }

  function gainOf(sums: Float64Array, count: number, leftCount: number): number {
    let [left, right] = [0, 0]
    for (let k = 0; k < width; k++) {
      const leftSum = leftSums[k] ?? 0
      const rightSum = (sums[k] ?? 0) - leftSum
      left += leftSum * leftSum
      right += rightSum * rightSum
    }
    return left / leftCount + right / (count - leftCount)
  }
}

const squares = (sums: Float64Array): number => sums.reduce((total, sum) => total + sum * sum, 0)

/** All rows are of one class. */
const isPure = (sums: Float64Array, count: number): boolean =>
  sums.some((sum) => sum === count) && squares(sums) === count * count

/** Adds a tree's answers for the samples to `out`, `[rows, width]`. */
export function addPredictions(
  { feature, threshold, left, right, mean }: Tree,
  samples: Table,
  out: Float64Array,
): void {
  const width = out.length / samples.rows
  for (let row = 0; row < samples.rows; row++) {
    let node = 0
    for (let by = feature[node] ?? -1; by >= 0; by = feature[node] ?? -1) {
      const isLeft = (samples.data[row * samples.width + by] ?? 0) <= (threshold[node] ?? 0)
      node = (isLeft ? left[node] : right[node]) ?? 0
    }
    const answer = mean[node]
    for (let k = 0; k < width; k++) out[row * width + k] = (out[row * width + k] ?? 0) + (answer?.[k] ?? 0)
  }
}
