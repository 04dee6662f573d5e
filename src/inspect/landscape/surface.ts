import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import {
  combination,
  fingerprintOf,
  type PlacesOptions,
  type Point,
  type PointScores,
  pointOf,
  type Scorer,
  scorePlaces,
} from '../weightSpace/index.ts'

/** Directions from a network, of all trained numbers end to end. */
export interface Span {
  /** The network at 0, or at 0, 0. */
  readonly origin: Variables
  readonly directions: readonly Float32Array[]
}

/** Scores at one place of a surface. */
export interface SurfacePoint {
  /** Steps along each direction. */
  readonly at: readonly number[]
  readonly scores: PointScores
}

/**
 * Scores at places of the line or plane θ = θ₀ + Σ stepᵢ · directionᵢ, each kept in the log as it is computed.
 *
 * @param places steps along each direction, one list a place
 * @throws UsageError where a place has more or fewer steps than there are directions
 * @example
 * const plane = { origin: variables, directions: [x, y] }
 * await surface(plane, gridPlaces(evenly(-1, 1, 25), evenly(-1, 1, 25)), scorer, { log: 'landscape/points.jsonl' })
 */
export async function surface(
  { origin, directions }: Span,
  places: readonly (readonly number[])[],
  scorer: Scorer,
  options: PlacesOptions = {},
): Promise<SurfacePoint[]> {
  const wrong = places.find((at) => at.length !== directions.length || !at.every(Number.isFinite))
  if (wrong !== undefined)
    throw new UsageError(
      `surface: the place [${wrong.join(', ')}] does not say how far to go along ${directions.length} directions: give as many finite numbers`,
    )
  const from = pointOf(origin)
  const moved = (at: readonly number[]): Point => ({
    parameters: combination([
      [1, from.parameters],
      ...directions.map((direction, i) => [at[i] ?? 0, direction] as const),
    ]),
    buffers: from.buffers,
  })
  const scores = await scorePlaces(
    places.map((at) => ({ at: at.join(), point: () => moved(at) })),
    scorer,
    {
      origin: fingerprintOf(from),
      directions: directions.map((parameters) => fingerprintOf({ parameters, buffers: new Float32Array() })),
    },
    options,
  )
  return places.map((at) => ({ at, scores: scores.get(at.join()) ?? {} }))
}

/** All pairs, row by row of y. */
export const gridPlaces = (x: readonly number[], y: readonly number[]): (readonly [number, number])[] =>
  y.flatMap((down) => x.map((across) => [across, down] as const))
