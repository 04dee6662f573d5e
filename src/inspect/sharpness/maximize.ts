import type { LossFunction } from '../lossFunction.ts'

/** Where parameters may be moved to: θ + scale ⊙ z for all z of a region around 0. */
export interface Region {
  /** One for each parameter. */
  readonly scale: Float32Array
  /** The z of the region that lies farthest along a slope. */
  farthest(slope: Float64Array): Float64Array
}

/** |zᵢ| ≤ 1. */
export const box = (scale: Float32Array): Region => ({ scale, farthest: (slope) => slope.map(Math.sign) })

/** ‖z‖₂ ≤ radius. */
export const ball = (scale: Float32Array, radius: number): Region => ({
  scale,
  farthest: (slope) => {
    const length = Math.sqrt(slope.reduce((sum, value) => sum + value * value, 0))
    return length === 0 ? slope : slope.map((value) => (radius * value) / length)
  },
})

export interface Maximum {
  readonly value: number
  /** Parameters where the loss has it. */
  readonly at: Float32Array
  /** Times that loss and gradient were computed. */
  readonly evaluations: number
}

/** Steps towards the farthest point, from all of the way to an eighth of it; then the ascent is over. */
const SHARES = [1, 0.5, 0.25, 0.125]

/**
 * The largest loss within a region, by ascent that never leaves it: from the centre, and at each step towards the point of the region that the slope says is
 * best, as far as the loss rises (conditional gradient, with backtracking). Where the loss curves upwards, as around a minimum, the largest value lies on the rim, and
 * whole steps lead there. What it finds is a local maximum: the true one may be larger, never smaller.
 *
 * Source: Frank and Wolfe, An algorithm for quadratic programming, 1956
 *
 * @param steps - at most
 */
export async function maximizeWithin(
  loss: LossFunction,
  { scale, farthest }: Region,
  { steps, onStep }: { readonly steps: number; readonly onStep?: ((step: number) => void) | undefined },
): Promise<Maximum> {
  const centre = loss.parameters
  const moved = (z: Float64Array): Float32Array => centre.map((value, i) => value + (scale[i] ?? 0) * (z[i] ?? 0))
  let z: Float64Array = new Float64Array(centre.length)
  let at = centre
  let here = await loss.gradient(at)
  let evaluations = 1
  for (let step = 0; step < steps; step++) {
    const slope = here.gradient.map((value, i) => value * (scale[i] ?? 0))
    const target = farthest(slope)
    let isHigher = false
    for (const share of SHARES) {
      const from = z
      const next = from.map((value, i) => value + share * ((target[i] ?? 0) - value))
      const place = moved(next)
      const there = await loss.gradient(place)
      evaluations++
      if (there.value > here.value) {
        ;[z, at, here, isHigher] = [next, place, there, true]
        break
      }
    }
    onStep?.(step + 1)
    if (!isHigher) break
  }
  return { value: here.value, at, evaluations }
}
