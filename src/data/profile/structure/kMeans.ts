import { kmeans } from 'ml-kmeans'
import { foldIn, type Key, randomBits } from '../../../random/key.ts'
import { type Points, pointRows } from './points.ts'

export interface KMeans {
  readonly k: number
  /** Cluster of each point, from 0. */
  readonly clusters: Int32Array
  /** Sum of squared distances of the points to the mean of their cluster. */
  readonly inertia: number
}

/**
 * Clusters around k means: the best of several runs of Lloyd's algorithm, each begun by k-means++ with its own key.
 *
 * Source: Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
 *
 * @example
 * const { clusters, inertia } = kMeans({ data, n: 100, d: 2 }, 3, { key: key(0) })
 */
export function kMeans(
  points: Points,
  k: number,
  { key, runs = 10 }: { readonly key: Key; readonly runs?: number },
): KMeans {
  const rows = pointRows(points)
  let best: KMeans | undefined
  for (let run = 0; run < runs; run++) {
    const [word = 0] = randomBits(foldIn(key, run), new Uint32Array(1))
    // The library wants a seed of 31 bits.
    const { clusters, centroids } = kmeans(rows, k, {
      initialization: 'kmeans++',
      seed: word >>> 1,
      maxIterations: 300,
    })
    const inertia = rows.reduce((sum, row, i) => sum + squared(row, centroids[clusters[i] ?? 0] ?? []), 0)
    if (best === undefined || inertia < best.inertia) best = { k, clusters: Int32Array.from(clusters), inertia }
  }
  return best ?? { k, clusters: new Int32Array(), inertia: 0 }
}

function squared(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2
  return sum
}
