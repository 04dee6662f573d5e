/** Distances of every two of n points, `[n, n]`. */
export interface Distances {
  readonly data: Float32Array
  readonly n: number
}

/**
 * The nearest other points of one, the nearest first; of equally near ones the earlier.
 *
 * @example
 * nearest({ data: distances, n }, 0, 5)
 */
export function nearest({ data, n }: Distances, point: number, k: number): number[] {
  const row = data.subarray(point * n, (point + 1) * n)
  return Array.from(row.keys())
    .filter((other) => other !== point)
    .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b)
    .slice(0, k)
}

/**
 * Share of points whose class most of their k nearest others have (leave one out); of classes that are equally frequent the one with the nearest point counts.
 *
 * @example
 * knnAccuracy({ data: distances, n }, labels, 5)
 */
export function knnAccuracy(between: Distances, labels: ArrayLike<number>, k: number): number {
  let right = 0
  for (let i = 0; i < between.n; i++) {
    const votes = new Map<number, number>()
    for (const other of nearest(between, i, k)) {
      const label = labels[other] ?? -1
      votes.set(label, (votes.get(label) ?? 0) + 1)
    }
    // Classes stand in the order of their nearest points, and a stable sort keeps it.
    const [winner] = [...votes].sort((a, b) => b[1] - a[1])
    if (winner?.[0] === labels[i]) right++
  }
  return right / between.n
}

/** How well a plane keeps who is near whom. */
export interface Faithfulness {
  /** 1: no point is near another in the plane without being near it before. */
  readonly trustworthiness: number
  /** 1: no point that was near another is far from it in the plane. */
  readonly continuity: number
  /** Mean share of the k nearest points that are among the k nearest in the plane. */
  readonly preserved: number
}

/**
 * Trustworthiness, continuity and the share of preserved neighbours of a projection.
 *
 * Source: Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.
 *
 * @param k - neighbours; less than half the points
 *
 * @example
 * faithfulness({ data: before, n }, { data: inPlane, n }, 10).trustworthiness
 */
export function faithfulness(before: Distances, after: Distances, k: number): Faithfulness {
  const { n } = before
  const [ranksBefore, ranksAfter] = [ranks(before), ranks(after)]
  const sums = { intruders: 0, lost: 0, kept: 0 }
  for (let i = 0; i < n * n; i++) {
    const [a, b] = [ranksBefore[i] ?? 0, ranksAfter[i] ?? 0]
    if (a === 0 || b === 0) continue
    if (a <= k && b <= k) sums.kept++
    else if (b <= k) sums.intruders += a - k
    else if (a <= k) sums.lost += b - k
  }
  const scale = 2 / (n * k * (2 * n - 3 * k - 1))
  return {
    trustworthiness: 1 - scale * sums.intruders,
    continuity: 1 - scale * sums.lost,
    preserved: sums.kept / (n * k),
  }
}

/** The how-manieth neighbour of i each j is, from 1; 0 for i itself, `[n, n]`. */
function ranks(between: Distances): Uint32Array {
  const { n } = between
  const found = new Uint32Array(n * n)
  for (let i = 0; i < n; i++) for (const [rank, j] of nearest(between, i, n - 1).entries()) found[i * n + j] = rank + 1
  return found
}
