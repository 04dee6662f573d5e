/** A point with fewer neighbours (itself counts) is no core: scikit-learn's default. */
export const MIN_NEIGHBOURS = 5

/**
 * Clusters of points that lie close together, however they are shaped: cores have at least `minNeighbours` points within the radius, and
 * whoever is within the radius of a core belongs to it.
 *
 * Source: Ester, Kriegel, Sander, Xu, "A density-based algorithm for discovering clusters", KDD 1996.
 *
 * @param distances - of every two points, [n, n]
 * @returns the cluster of each point, from 0 in the order of first points; −1 for noise
 */
export function dbscan(
  distances: Float32Array,
  n: number,
  { radius, minNeighbours = MIN_NEIGHBOURS }: { readonly radius: number; readonly minNeighbours?: number },
): Int32Array {
  const neighbours = (i: number): number[] => {
    const found: number[] = []
    for (let j = 0; j < n; j++) if ((distances[i * n + j] ?? 0) <= radius) found.push(j)
    return found
  }
  const clusters = new Int32Array(n).fill(-1)
  const isSeen = new Uint8Array(n)
  let next = 0
  for (let i = 0; i < n; i++) {
    if (isSeen[i] === 1 || (clusters[i] ?? -1) >= 0) continue
    isSeen[i] = 1
    const first = neighbours(i)
    if (first.length < minNeighbours) continue
    clusters[i] = next
    const queue = first
    for (let at = 0; at < queue.length; at++) {
      const j = queue[at] ?? 0
      if ((clusters[j] ?? -1) < 0) clusters[j] = next
      if (isSeen[j] === 1) continue
      isSeen[j] = 1
      const more = neighbours(j)
      if (more.length >= minNeighbours) for (const one of more) if (isSeen[one] === 0) queue.push(one)
    }
    next++
  }
  return clusters
}

/**
 * A radius for {@link dbscan}: the distances to the `minNeighbours`-th nearest point, ascending, bend where noise begins; the bend is
 * the point farthest below the line from first to last.
 *
 * Source: Satopää et al., "Finding a 'kneedle' in a haystack", ICDCS workshops 2011.
 */
export function bendRadius(distances: Float32Array, n: number, minNeighbours = MIN_NEIGHBOURS): number {
  const nearest = Float64Array.from({ length: n }, (_, i) => {
    const row = distances.slice(i * n, (i + 1) * n).sort()
    return row[Math.min(n - 1, minNeighbours - 1)] ?? 0
  }).sort()
  const [first, last] = [nearest[0] ?? 0, nearest.at(-1) ?? 0]
  let [bend, deepest] = [0, Number.NEGATIVE_INFINITY]
  for (const [i, distance] of nearest.entries()) {
    const depth = first + ((last - first) * i) / Math.max(1, n - 1) - distance
    if (depth > deepest) [bend, deepest] = [i, depth]
  }
  return nearest[bend] ?? 0
}
