import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import { UsageError } from '../../errors.ts'
import type { ParameterProducts, Trajectories } from './trajectories.ts'

/** Directions in which points spread most, and the points along them. */
export interface Plane {
  /** Layer whose weights are looked at; undefined: the whole model. */
  readonly layer?: string
  /** Along each component, a number for each point. */
  readonly coordinates: readonly Float64Array[]
  /** Share of the points' variance that each component has; 0 where they are all the same. */
  readonly explained: readonly number[]
  /** Of each component, the share that each layer has in its direction, by layer; they add up to 1. */
  readonly shares: readonly ReadonlyMap<string, number>[]
  /** Eigenvalues and eigenvectors of the inner products, for each component. */
  readonly axes: readonly PlaneAxis[]
}

export interface PlaneAxis {
  readonly eigenvalue: number
  readonly eigenvector: Float64Array
}

/** Layers of which weights were recorded, in the network's order. */
export const trajectoryLayers = ({ parameters }: Trajectories): string[] => [
  ...new Set(parameters.map(({ layer }) => layer)),
]

/** The parameters of a layer, those of layers inside it included; without a layer all. */
export const parametersIn = ({ parameters }: Trajectories, layer: string | undefined): readonly ParameterProducts[] =>
  layer === undefined
    ? parameters
    : parameters.filter((one) => one.layer === layer || (layer !== '' && one.layer.startsWith(`${layer}.`)))

/** The inner products of some parameters together. */
export function innerOf(parameters: readonly ParameterProducts[], count: number): Float64Array {
  const sum = new Float64Array(count * count)
  for (const { inner } of parameters) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (inner[i] ?? 0)
  return sum
}

/**
 * Principal components of the points of all runs together, about their mean, in the space of one layer's weights or of all. The sign of a
 * component is free; here the coordinate farthest from 0 is positive.
 *
 * Source: Pearson, "On lines and planes of closest fit to systems of points in space" (1901); by the Gram matrix, as in classical scaling.
 *
 * @param layer default: the whole model
 * @param components default 2
 * @throws UsageError for a layer that was not recorded
 * @example
 * const { coordinates: [x, y], explained } = await trajectoryPlane(ways)
 */
export async function trajectoryPlane(ways: Trajectories, layer?: string, components = 2): Promise<Plane> {
  const own = parametersIn(ways, layer)
  if (own.length === 0)
    throw new UsageError(`no weights of layer "${layer}" were recorded; there are ${trajectoryLayers(ways).join(', ')}`)
  const count = ways.points.length
  const inner = innerOf(own, count)
  const { values, vectors } = await symmetricEigen(inner, count)
  let variance = 0
  for (let i = 0; i < count; i++) variance += inner[i * count + i] ?? 0
  const axes = Array.from({ length: Math.min(components, count - 1) }, (_, k): PlaneAxis => {
    const eigenvector = vectors.slice(k * count, (k + 1) * count)
    const farthest = eigenvector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    // Rounding may leave less than nothing.
    return {
      eigenvalue: Math.max(0, values[k] ?? 0),
      eigenvector: farthest < 0 ? eigenvector.map((value) => -value) : eigenvector,
    }
  })
  return {
    ...(layer !== undefined && { layer }),
    coordinates: axes.map(({ eigenvalue, eigenvector }) => eigenvector.map((value) => value * Math.sqrt(eigenvalue))),
    explained: axes.map(({ eigenvalue }) => (variance > 0 ? eigenvalue / variance : 0)),
    shares: axes.map((axis) => layerShares(own, axis, count)),
    axes,
  }
}

/** A component's direction is a unit vector of weights: the squares of a layer's part of it are the layer's share. */
function layerShares(
  parameters: readonly ParameterProducts[],
  { eigenvalue, eigenvector }: PlaneAxis,
  count: number,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  for (const { layer, inner } of parameters) {
    let sum = 0
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) sum += (eigenvector[i] ?? 0) * (inner[i * count + j] ?? 0) * (eigenvector[j] ?? 0)
    shares.set(layer, (shares.get(layer) ?? 0) + (eigenvalue > 0 ? sum / eigenvalue : 0))
  }
  return shares
}
