import { contours } from 'd3-contour'

/** A line of equal value. */
export interface ContourLine {
  readonly level: number
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** A grid of values, row by row of y. */
export interface ValueGrid {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly values: readonly number[]
}

/**
 * Lines of equal value over a grid, by marching squares. What lies along the grid's border is left out: there the surface goes on.
 *
 * @param values numbers that can be compared; what is not finite is taken for the largest
 */
export function contourLines({ x, y, values }: ValueGrid, levels: readonly number[]): ContourLine[] {
  const most = Math.max(...values.filter(Number.isFinite))
  const known = values.map((value) => (Number.isFinite(value) ? value : most))
  const place = (axis: readonly number[], at: number): number => {
    const i = Math.max(0, Math.min(axis.length - 2, Math.floor(at)))
    const [from, to] = [axis[i] ?? 0, axis[i + 1] ?? 0]
    return from + (at - i) * (to - from)
  }
  const isInside = ([a = 0, b = 0]: readonly number[]): boolean =>
    a >= 0.5 && a <= x.length - 0.5 && b >= 0.5 && b <= y.length - 0.5
  return contours()
    .size([x.length, y.length])
    .thresholds([...levels])(known)
    .flatMap(({ value, coordinates }) =>
      coordinates.flat().flatMap((ring) =>
        pieces(ring, isInside).map((points) => ({
          level: value,
          // d3 has the value of a cell at its middle.
          points: points.map(([a = 0, b = 0]) => ({ x: place(x, a - 0.5), y: place(y, b - 0.5) })),
        })),
      ),
    )
}

/** The parts of a ring that lie inside, each in one piece. */
function pieces<P>(ring: readonly P[], isInside: (point: P) => boolean): P[][] {
  const outside = ring.findIndex((point) => !isInside(point))
  if (outside < 0) return [[...ring]]
  // The last point of a ring is the first; begun outside, no part is cut in two.
  const around = [...ring.slice(outside, -1), ...ring.slice(0, outside)]
  const found: P[][] = []
  let current: P[] = []
  for (const point of around) {
    if (isInside(point)) current.push(point)
    else if (current.length > 0) {
      found.push(current)
      current = []
    }
  }
  if (current.length > 0) found.push(current)
  return found.filter((piece) => piece.length > 1)
}
