import { UsageError } from '../../errors.ts'
import { isWeights, type Variables } from '../../nn/index.ts'
import { leavesOf } from '../../tensor/index.ts'
import {
  combination,
  fingerprintOf,
  type Place,
  type PlacesOptions,
  type Point,
  type PointScores,
  placesOf,
  pointOf,
  type Scorer,
  scorePlaces,
} from '../weightSpace/index.ts'

/** Scores at one place of the line through two networks. */
export interface InterpolatedPoint {
  /** 0 is A, 1 is B. */
  readonly alpha: number
  readonly scores: PointScores
}

/** The line through two networks, on which all weights move or one layer's alone. */
export interface Interpolation {
  /** The layer whose weights move, the others' being A's; absent where all move. */
  readonly layer?: string
  /** By α, ascending; 0 and 1 are among them. */
  readonly points: readonly InterpolatedPoint[]
}

export interface InterpolateOptions extends PlacesOptions {
  /** Places on the line; 0 and 1 are added where they are not among them. Default −1 to 2 in steps of 0.1. */
  readonly alphas?: readonly number[]
  /** Layers or blocks that are moved alone, one after the other, by their weights' names (`layer1.0.conv1`, `layer1`); default none. */
  readonly layers?: readonly string[]
}

/** −1 to 2 in steps of 0.1. */
export const ALPHAS: readonly number[] = evenly(-1, 2, 31)

/** Numbers at equal distances, both ends among them, free of the noise of sums in binary. */
export function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const value = count === 1 ? from : from + ((to - from) * i) / (count - 1)
    return Number(value.toPrecision(12))
  })
}

/**
 * Loss and metrics along θ(α) = (1 − α)·A + α·B (Goodfellow, Vinyals and Saxe, 2015), beyond both ends too: first with all weights moving, then for
 * each of `layers` with that layer's alone. Where running statistics come from is the scorer's matter.
 *
 * @param scorer of the network that both have; see `pointScorer`
 * @throws UsageError where the networks differ in their weights' names or shapes, or there is no such layer
 * @example
 * const [line] = await interpolate(a.variables, b.variables, pointScorer(network, splits, { kind: 'renewed', split: train }))
 * barrier(line, 'test').height
 */
export async function interpolate(
  a: Variables,
  b: Variables,
  scorer: Scorer,
  { alphas = ALPHAS, layers = [], ...places }: InterpolateOptions = {},
): Promise<Interpolation[]> {
  requireSameWeights(a, b)
  const bad = alphas.find((alpha) => !Number.isFinite(alpha))
  if (bad !== undefined) throw new UsageError(`interpolate: an alpha is ${bad}: give finite numbers`)
  const along = [...new Set([0, 1, ...alphas])].sort((one, other) => one - other)
  const [from, to] = [pointOf(a), pointOf(b)]
  const lines = [undefined, ...layers].map((layer) => ({
    layer,
    moving: layer === undefined ? undefined : placesIn(a, layer),
  }))
  // Every line begins at A.
  const placeOf = (layer: string | undefined, alpha: number): string => `${alpha === 0 ? '' : (layer ?? '')}@${alpha}`
  const scores = await scorePlaces(
    lines.flatMap(({ layer, moving }) =>
      along.map((alpha) => ({ at: placeOf(layer, alpha), point: () => between(from, to, alpha, moving) })),
    ),
    scorer,
    { line: [fingerprintOf(from), fingerprintOf(to)] },
    places,
  )
  return lines.map(({ layer }) => ({
    ...(layer !== undefined && { layer }),
    points: along.map((alpha) => ({ alpha, scores: scores.get(placeOf(layer, alpha)) ?? {} })),
  }))
}

/** (1 − α)·A + α·B, of all numbers or of these places; running statistics move where all do. */
function between(a: Point, b: Point, alpha: number, moving: readonly Place[] | undefined): Point {
  const mixed = (one: Float32Array, other: Float32Array) =>
    combination([
      [1 - alpha, one],
      [alpha, other],
    ])
  if (moving === undefined)
    return { parameters: mixed(a.parameters, b.parameters), buffers: mixed(a.buffers, b.buffers) }
  const parameters = a.parameters.slice()
  for (const { begin, end } of moving)
    parameters.set(mixed(a.parameters.subarray(begin, end), b.parameters.subarray(begin, end)), begin)
  return { parameters, buffers: a.buffers }
}

/** The layer that a weight belongs to. */
const layerOf = (name: string): string => name.split('.').slice(0, -1).join('.')

/** Layers that have weights of their own, in the order of their names. */
export const layersWithWeights = (variables: Variables): string[] => [
  ...new Set(placesOf(variables).map(({ name }) => layerOf(name))),
]

function placesIn(variables: Variables, layer: string): readonly Place[] {
  const places = placesOf(variables).filter(({ name }) => layerOf(name) === layer || name.startsWith(`${layer}.`))
  if (places.length === 0)
    throw new UsageError(
      `interpolate: there is no layer "${layer}" with weights: give one of ${layersWithWeights(variables).join(', ')}`,
    )
  return places
}

function requireSameWeights(a: Variables, b: Variables): void {
  const shapesOf = (variables: Variables): string[] =>
    [...leavesOf(variables.parameters, isWeights), ...leavesOf(variables.buffers, isWeights)].map(
      ({ path, leaf }) => `${path} [${leaf.shape.join(', ')}]`,
    )
  const [own, others] = [shapesOf(a), shapesOf(b)]
  const place = own.findIndex((one, i) => one !== others[i])
  if (place >= 0 || own.length !== others.length)
    throw new UsageError(
      `the networks have other weights: ${own[place] ?? 'nothing'} of A stands where B has ${others[place < 0 ? own.length : place] ?? 'nothing'}; there is a line only between networks of one architecture`,
    )
}
