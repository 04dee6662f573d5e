/**
 * How well points sit in their clusters, from −1 to 1: the mean of (b − a) / max(a, b), where a is a point's mean distance to its own
 * cluster and b that to the nearest other one; 0 for a point alone in its cluster. Noise (−1) does not count.
 *
 * Source: Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20 (1987).
 *
 * @param distances - of every two points, [n, n]
 * @returns undefined where there are fewer than two clusters
 */
export function silhouette(distances: Float32Array, clusters: Int32Array): number | undefined {
  const n = clusters.length
  const k = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0)
  const sizes = new Float64Array(k)
  for (const cluster of clusters) if (cluster >= 0) sizes[cluster] = (sizes[cluster] ?? 0) + 1
  if (sizes.filter((size) => size > 0).length < 2) return undefined
  let [total, counted] = [0, 0]
  const sums = new Float64Array(k)
  for (let i = 0; i < n; i++) {
    const own = clusters[i] ?? -1
    if (own < 0) continue
    counted++
    if ((sizes[own] ?? 0) < 2) continue
    sums.fill(0)
    for (let j = 0; j < n; j++) {
      const cluster = clusters[j] ?? -1
      if (cluster >= 0) sums[cluster] = (sums[cluster] ?? 0) + (distances[i * n + j] ?? 0)
    }
    const a = (sums[own] ?? 0) / ((sizes[own] ?? 0) - 1)
    let b = Number.POSITIVE_INFINITY
    for (let c = 0; c < k; c++) if (c !== own && (sizes[c] ?? 0) > 0) b = Math.min(b, (sums[c] ?? 0) / (sizes[c] ?? 1))
    total += a === b ? 0 : (b - a) / Math.max(a, b)
  }
  return total / counted
}
