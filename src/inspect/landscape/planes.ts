import { innerProducts } from '../../data/linearAlgebra/crossProducts.ts'
import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import { pointOf } from '../weightSpace/index.ts'
import type { Span } from './surface.ts'

/** A plane through a network, with other networks projected on it. */
export interface NetworkPlane extends Span {
  readonly directions: readonly [Float32Array, Float32Array]
  /** Where the networks lie on it, in steps along the directions, in the order in which they were given. */
  readonly projected: readonly (readonly [number, number])[]
}

/** A plane with the share of the networks' variance along each of its directions. */
export interface PrincipalPlane extends NetworkPlane {
  readonly explained: readonly [number, number]
}

/**
 * The plane through the last of several networks in which the others lie farthest apart: the two principal components of what each is away from the last
 * (Li et al., 2018, section 7), each of length 1.
 *
 * @param networks of one training, in time's order; at least three
 * @throws UsageError where there are fewer, or all lie on one line
 * @example
 * const { directions, explained, projected } = await principalPlane(snapshots)
 */
export async function principalPlane(networks: readonly Variables[]): Promise<PrincipalPlane> {
  const origin = networks.at(-1)
  if (origin === undefined || networks.length < 3)
    throw new UsageError(`a plane of principal components needs three networks and there are ${networks.length}`)
  const last = pointOf(origin).parameters
  const away = networks.map((network) => {
    const { parameters } = pointOf(network)
    return parameters.map((value, i) => value - (last[i] ?? 0))
  })
  const centred = centredRows(away)
  const width = last.length
  const { values, vectors } = await symmetricEigen(await innerProducts(centred, away.length), away.length)
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const direction = (component: number): Float32Array => {
    const sums = new Float64Array(width)
    for (let row = 0; row < away.length; row++) {
      const weight = vectors[component * away.length + row] ?? 0
      for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + weight * (centred[row * width + i] ?? 0)
    }
    const size = Math.sqrt(values[component] ?? 0)
    return Float32Array.from(sums, (value) => value / size)
  }
  if (!((values[1] ?? 0) > 1e-12 * total))
    throw new UsageError('the networks lie on one line, and there is no plane: give networks of a training that turns')
  const directions = [direction(0), direction(1)] as const
  return {
    origin,
    directions,
    explained: [(values[0] ?? 0) / total, (values[1] ?? 0) / total],
    projected: away.map((one) => [dot(one, directions[0]), dot(one, directions[1])]),
  }
}

/**
 * The plane through three networks: from A to B, and at a right angle to that towards C (Garipov et al., 2018), each of the distance's length, so that A lies
 * at 0, 0 and B at 1, 0.
 *
 * @throws UsageError where the three lie on one line
 * @example
 * const { projected } = planeThrough(a, b, c) // [[0, 0], [1, 0], [0.4, 1]]
 */
export function planeThrough(a: Variables, b: Variables, c: Variables): NetworkPlane {
  const [from, to, third] = [a, b, c].map((network) => pointOf(network).parameters)
  if (from === undefined || to === undefined || third === undefined) throw new Error('there are three networks')
  const x = to.map((value, i) => value - (from[i] ?? 0))
  const towards = third.map((value, i) => value - (from[i] ?? 0))
  const along = dot(towards, x) / dot(x, x)
  const y = towards.map((value, i) => value - along * (x[i] ?? 0))
  if (!(dot(y, y) > 1e-10 * dot(towards, towards)))
    throw new UsageError('the three networks lie on one line, and there is no plane through them: give another one')
  return {
    origin: a,
    directions: [x, y],
    projected: [
      [0, 0],
      [1, 0],
      [along, 1],
    ],
  }
}

/** Rows end to end, less their mean. */
function centredRows(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0
  const all = new Float32Array(rows.length * width)
  for (let i = 0; i < width; i++) {
    const mean = rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length
    for (const [r, row] of rows.entries()) all[r * width + i] = (row[i] ?? 0) - mean
  }
  return all
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
