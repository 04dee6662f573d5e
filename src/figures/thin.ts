/** Shares of an axis that a point may be moved by: a third of a pixel in a panel of 340. */
const TOLERANCE = 1e-3

/**
 * Points of a curve without those that nobody would see missing: each point left out lies within `tolerance` of the line that is drawn
 * without it. Points on a straight line go exactly; the first and the last always stay.
 *
 * Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized line",
 * Cartographica 10 (1973).
 *
 * @param points - along the curve
 * @param place - of a point, in shares of the axes: 0 to 1 across the panel
 * @param tolerance - in shares of the axes; default 0.001
 *
 * @example
 * thinned([[0, 0], [0.5, 0.5], [1, 1]], (point) => point) // [[0, 0], [1, 1]]
 */
export function thinned<Point>(
  points: readonly Point[],
  place: (point: Point) => readonly [x: number, y: number],
  tolerance = TOLERANCE,
): Point[] {
  if (points.length < 3) return [...points]
  const xy = points.map(place)
  const isKept = new Uint8Array(points.length)
  isKept[0] = isKept[points.length - 1] = 1
  const spans: [number, number][] = [[0, points.length - 1]]
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span
    let [farthest, most] = [-1, tolerance]
    for (let i = from + 1; i < to; i++) {
      const distance = distanceTo(xy[i], xy[from], xy[to])
      if (distance > most) [farthest, most] = [i, distance]
    }
    if (farthest < 0) continue
    isKept[farthest] = 1
    spans.push([from, farthest], [farthest, to])
  }
  return points.filter((_, i) => isKept[i] === 1)
}

type Place = readonly [number, number] | undefined

/** From a point to the stretch between two others. */
function distanceTo([x, y]: Place = [0, 0], [ax, ay]: Place = [0, 0], [bx, by]: Place = [0, 0]): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

/**
 * Points of a noisy curve in at most `2 · bins`: of each of `bins` stretches that are equally long the lowest and the highest, so that no
 * peak is lost.
 *
 * @param value - of a point; points whose value is no finite number are left out
 *
 * @example
 * extremes([3, 1, 2, 5, 4, 6], (value) => value, 2) // [3, 1, 4, 6]
 */
export function extremes<Point>(points: readonly Point[], value: (point: Point) => number, bins: number): Point[] {
  const finite = points.filter((point) => Number.isFinite(value(point)))
  if (finite.length <= 2 * bins) return finite
  return Array.from({ length: bins }, (_, bin) => {
    const own = finite.slice(Math.floor((bin * finite.length) / bins), Math.floor(((bin + 1) * finite.length) / bins))
    let [low, high] = [0, 0]
    for (const [i, point] of own.entries()) {
      const at = value(point)
      if (at < value(own[low] ?? point)) low = i
      if (at > value(own[high] ?? point)) high = i
    }
    return own.filter((_, i) => i === low || i === high)
  }).flat()
}
