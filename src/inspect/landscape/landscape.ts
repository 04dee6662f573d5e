import type { Variables } from '../../nn/index.ts'
import { foldIn, key } from '../../random/index.ts'
import type { SplitName } from '../../runs/testModel/index.ts'
import { evenly } from '../interpolate/index.ts'
import { type PlacesOptions, pointOf, type Scorer } from '../weightSpace/index.ts'
import { planeThrough, principalPlane } from './planes.ts'
import { randomDirection, type Vectors } from './randomDirection.ts'
import { gridPlaces, type Span, type SurfacePoint, surface } from './surface.ts'

/** Steps along one direction, and what the direction is. */
export interface LandscapeAxis {
  readonly title: string
  readonly values: readonly number[]
}

/** A network on the surface. */
export interface LandscapeMark {
  readonly name: string
  readonly at: readonly [number, number]
}

/** A part of a plane that is to be computed. */
export interface LandscapePlan {
  readonly span: Span
  readonly x: LandscapeAxis
  readonly y: LandscapeAxis
  /** Networks that lie on the plane, or are projected on it. */
  readonly marks: readonly LandscapeMark[]
  /** The way of a training, projected, in time's order. */
  readonly path: readonly LandscapeMark[]
}

/** A loss surface over a plane through weight space. */
export interface Landscape extends LandscapePlan {
  /** Row by row of y. */
  readonly points: readonly SurfacePoint[]
}

/** A loss surface along lines through one network, a line a direction. */
export interface LossProfile {
  readonly values: readonly number[]
  readonly lines: readonly (readonly SurfacePoint[])[]
}

/** What must be told beside every surface. */
export interface LandscapeFacts {
  /** Of the run or runs. */
  readonly name: string
  readonly splits: readonly { readonly name: SplitName; readonly text: string }[]
  /** What was done with the running statistics of batch norms. */
  readonly statistics: 'none' | 'renewed' | 'kept'
  /** How directions were made. */
  readonly directions: string
}

interface RandomOptions {
  /** How far to go both ways, in lengths of the network's filters. */
  readonly range: number
  /** Places along each direction; an odd number has the network itself among them. */
  readonly size: number
  readonly seed: number
  readonly vectors: Vectors
}

const directionOf = (variables: Variables, { seed, vectors }: RandomOptions, name: string): Float32Array =>
  randomDirection(variables, foldIn(foldIn(key(seed), 'landscape'), name), vectors)

/** The square around a network along two random filter-normalised directions. */
export function randomPlan(variables: Variables, options: RandomOptions): LandscapePlan {
  const { range, size } = options
  const axis = (name: string): LandscapeAxis => ({
    title: `random direction ${name} (filter-normalised)`,
    values: evenly(-range, range, size),
  })
  return {
    span: { origin: variables, directions: ['0', '1'].map((name) => directionOf(variables, options, name)) },
    ...{ x: axis('1'), y: axis('2') },
    marks: [{ name: 'trained', at: [0, 0] }],
    path: [],
  }
}

interface FrameOptions {
  readonly size: number
  /** Room around all networks, as a share of how far they lie apart. */
  readonly margin: number
}

/**
 * The plane of a training's own principal directions, with its way on it.
 *
 * @param networks recorded in time's order, the last one at 0, 0
 */
export async function trajectoryPlan(
  networks: readonly { readonly label: string; readonly variables: Variables }[],
  options: FrameOptions,
): Promise<LandscapePlan> {
  const { origin, directions, explained, projected } = await principalPlane(networks.map(({ variables }) => variables))
  const axis = (i: 0 | 1): LandscapeAxis => ({
    title: `principal component ${i + 1} (${percent(explained[i])} of the variance)`,
    values: around(
      projected.map((at) => at[i]),
      options,
    ),
  })
  const path = networks.flatMap(({ label: name }, i) => projected.slice(i, i + 1).map((at) => ({ name, at })))
  return {
    span: { origin, directions },
    x: axis(0),
    y: axis(1),
    marks: [path[0], path.at(-1)].flatMap((one) => one ?? []),
    path,
  }
}

/** The plane through two networks along a random filter-normalised direction of the first. */
export function twoNetworkPlan(a: NamedNetwork, b: NamedNetwork, options: RandomOptions & FrameOptions): LandscapePlan {
  const { range, size } = options
  const [from, to] = [pointOf(a.variables).parameters, pointOf(b.variables).parameters]
  const direction = directionOf(a.variables, options, '0')
  return {
    span: { origin: a.variables, directions: [to.map((value, i) => value - (from[i] ?? 0)), direction] },
    x: { title: `from ${a.name} (0) to ${b.name} (1)`, values: around([0, 1], options) },
    y: { title: 'random direction (filter-normalised)', values: evenly(-range, range, size) },
    marks: [
      { name: a.name, at: [0, 0] },
      { name: b.name, at: [1, 0] },
    ],
    path: [],
  }
}

/** The plane through three networks. */
export function threeNetworkPlan(
  [a, b, c]: readonly [NamedNetwork, NamedNetwork, NamedNetwork],
  options: FrameOptions,
): LandscapePlan {
  const { origin, directions, projected } = planeThrough(a.variables, b.variables, c.variables)
  const axis = (i: 0 | 1, title: string): LandscapeAxis => ({
    title,
    values: around(
      projected.map((at) => at[i]),
      options,
    ),
  })
  return {
    span: { origin, directions },
    x: axis(0, `from ${a.name} (0) to ${b.name} (1)`),
    y: axis(1, `towards ${c.name} (1)`),
    marks: [a, b, c].flatMap(({ name }, i) => projected.slice(i, i + 1).map((at) => ({ name, at }))),
    path: [],
  }
}

export interface NamedNetwork {
  readonly name: string
  readonly variables: Variables
}

/** Even places over all values and some room around them. */
function around(values: readonly number[], { size, margin }: FrameOptions): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = margin * (high - low)
  return evenly(low - room, high + room, size)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Computes a plan place by place. */
export async function landscape(plan: LandscapePlan, scorer: Scorer, options: PlacesOptions = {}): Promise<Landscape> {
  return { ...plan, points: await surface(plan.span, gridPlaces(plan.x.values, plan.y.values), scorer, options) }
}

/** Computes lines through a network along random directions. */
export async function lossProfile(
  variables: Variables,
  scorer: Scorer,
  { directions, onProgress, log, ...options }: RandomOptions & PlacesOptions & { readonly directions: number },
): Promise<LossProfile> {
  const values = evenly(-options.range, options.range, options.size)
  const lines: SurfacePoint[][] = []
  for (let d = 0; d < directions; d++)
    lines.push(
      await surface(
        { origin: variables, directions: [directionOf(variables, options, `${d}`)] },
        values.map((step) => [step]),
        scorer,
        {
          log,
          onProgress: ({ done, total, known }) =>
            onProgress?.({ done: d * total + done, total: directions * total, known }),
        },
      ),
    )
  return { values, lines }
}
