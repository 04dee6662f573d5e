import type { Table } from '../../baselines/index.ts'
import { binsOf } from '../../baselines/trees/bins.ts'
import { bootstrap, chances } from '../../baselines/trees/randomForest.ts'
import { growTree, type Tree } from '../../baselines/trees/tree.ts'
import { foldIn, type Key, permutation } from '../../random/index.ts'
import { type Axis, type Point, unitOf } from '../space/index.ts'

/** A tree, and what it was grown on. */
export interface GrownTree {
  readonly tree: Tree
  /** How often the tree has seen each trial: 0 where it was kept from it. */
  readonly seen: Uint8Array
}

/** A regression forest over the unit cube of a space; its answers are in standard deviations from the mean. */
export interface Forest {
  readonly axes: readonly Axis[]
  readonly trees: readonly GrownTree[]
  /** `[trials, axes + 1]`: places in the unit interval; the last column is the shadow's, which trees see in another order each. */
  readonly samples: Table
  /** Standardised values of the trials. */
  readonly targets: Float32Array
  readonly mean: number
  readonly sd: number
  /** Share of the variance that trees explain of the trials that they were kept from: 1 is perfect, 0 no better than the mean. */
  readonly r2: number
}

/** Where an inactive parameter is taken to be. */
export const IMPUTED = 0.5

/** A trial's place in the unit cube, inactive parameters in the middle. */
export const unitsOf = (axes: readonly Axis[], point: Point): number[] =>
  axes.map(({ parameter }, axis) => {
    const at = point[axis]
    return at === undefined ? IMPUTED : unitOf(parameter, at)
  })

const TREES = 100
/** Trials in a leaf, at least: with fewer, trees follow the noise of single trials. */
const LEAF = 2
/** Leaves of a tree, at most: more tell little more of the means over whole axes, and take their time. */
const MOST_LEAVES = 500

/**
 * Grows a forest on trials, with a shadow beside the parameters: a column that means nothing, and so shows what trees make of chance.
 *
 * Source: Breiman, "Random Forests", Machine Learning 45 (2001); the shadow as in Kursa and Rudnicki, "Feature Selection with the Boruta Package",
 * Journal of Statistical Software 36 (2010).
 *
 * @param values - of the points, finite, not all equal
 */
export function growForest(
  axes: readonly Axis[],
  points: readonly Point[],
  values: readonly number[],
  key: Key,
): Forest {
  const [rows, width] = [points.length, axes.length + 1]
  const data = Float32Array.from(points.flatMap((point, row) => [...unitsOf(axes, point), (row + 0.5) / rows]))
  const samples = { data, rows, width }
  const mean = values.reduce((sum, value) => sum + value, 0) / rows
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows)
  const targets = Float32Array.from(values, (value) => (value - mean) / sd)
  const bins = binsOf(samples)
  const shadow = bins.steps.slice(axes.length * rows)
  const trees = Array.from({ length: TREES }, (_, i): GrownTree => {
    const own = foldIn(key, i)
    const seen = bootstrap(foldIn(own, 'samples'), rows)
    const order = permutation(foldIn(own, 'shadow'), rows)
    bins.steps.set(
      shadow.map((_, row) => shadow[order[row] ?? 0] ?? 0),
      axes.length * rows,
    )
    const options = {
      features: Math.ceil((5 / 6) * width),
      depth: Number.POSITIVE_INFINITY,
      leaf: Math.max(LEAF, Math.ceil(rows / MOST_LEAVES)),
    }
    const wanted = { values: targets, width: 1 }
    return { tree: growTree(bins, wanted, seen, options, chances(foldIn(own, 'features'))), seen }
  })
  const forest = { axes, trees, samples, targets, mean, sd }
  return { ...forest, r2: 1 - outOfBagError(forest, samples) }
}

/** The mean square of what the trees miss the trials by that they were kept from, in units of the values' variance. */
export function outOfBagError({ trees, targets }: Pick<Forest, 'trees' | 'targets'>, samples: Table): number {
  const { rows, width } = samples
  const [sums, counts] = [new Float64Array(rows), new Float64Array(rows)]
  for (const { tree, seen } of trees) {
    for (let row = 0; row < rows; row++) {
      if (seen[row] !== 0) continue
      sums[row] = (sums[row] ?? 0) + answerOf(tree, samples.data, row * width)
      counts[row] = (counts[row] ?? 0) + 1
    }
  }
  let [total, judged] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const count = counts[row] ?? 0
    if (count === 0) continue
    total += ((sums[row] ?? 0) / count - (targets[row] ?? 0)) ** 2
    judged++
  }
  return total / judged
}

/** @param at - where the sample begins */
function answerOf({ feature, threshold, left, right, mean }: Tree, data: Float32Array, at: number): number {
  let node = 0
  for (let by = feature[node] ?? -1; by >= 0; by = feature[node] ?? -1)
    node = ((data[at + by] ?? 0) <= (threshold[node] ?? 0) ? left[node] : right[node]) ?? 0
  return mean[node]?.[0] ?? 0
}
