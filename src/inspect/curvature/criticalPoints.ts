import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import { flattened, type Judged, type Samples } from '../lossFunction.ts'
import { type Derivatives, populationDerivatives, type SecondDerivatives } from './derivatives.ts'
import { type FullHessian, symmetrized } from './hessian.ts'
import { dot, lengthOf } from './lanczos.ts'

/** Where a network's gradient is nearly zero: a minimum, a saddle, or neither yet. */
export interface CriticalPoint {
  readonly loss: number
  readonly gradientNorm: number
  readonly hessian: FullHessian
  /** All parameters end to end. */
  readonly at: Float32Array
  /** Where it was begun. */
  readonly from: { readonly loss: number; readonly gradientNorm: number }
  /** Steps that were taken. */
  readonly steps: number
}

export interface CriticalPointsOptions {
  /** The gradient's norm at which a network is left as it is; default 5e-4. */
  readonly tolerance?: number | undefined
  /** At most; default 60. */
  readonly steps?: number | undefined
  /** Asked before each program; what it throws ends the work. */
  readonly check?: (() => void | Promise<void>) | undefined
  /** @param left - networks that are not there yet */
  readonly onStep?: ((step: number, left: number) => void) | undefined
}

/** Parameters at most: the Hessian of every network is computed at every step. */
const MOST_PARAMETERS = 1000

/** Dampings that are tried at each step, as shares of the largest curvature: from steps that hardly move to nearly Newton's own. */
const DAMPINGS = Array.from({ length: 14 }, (_, k) => 10 ** (0.5 - k / 2))

/** A gradient that a step shortens by less than this share is stuck where it is shortest among its neighbours. */
const SHORTER = 0.05

/**
 * Moves many networks of one architecture to where their gradients vanish, minima and saddles alike. It minimises ‖∇L‖², not L, by damped Newton steps
 * −(H² + μ²)⁻¹ H∇L; at each step several dampings μ are tried, and the one that leaves the shortest gradient is taken. Where none shortens it by a twentieth, as where
 * it is shortest among its neighbours and yet not zero (H∇L = 0), the loss is lowered instead, by −(|H| + μ)⁻¹ ∇L. Losses, gradients and Hessians of many networks are one
 * program.
 *
 * What is given back is where the gradient was shortest; how short, `gradientNorm` says.
 *
 * Sources: Lee, Machine learning, homework 1 (minimising the gradient's norm); Marquardt, An algorithm for least-squares estimation of nonlinear parameters, 1963;
 * Dauphin et al., Identifying and attacking the saddle point problem, 2014 (|H|)
 *
 * @param networks - weights of each
 * @throws UsageError for a network of more than 1,000 parameters
 */
export async function criticalPoints(
  judged: Pick<Judged, 'network' | 'loss'>,
  networks: readonly Variables[],
  samples: Samples,
  { tolerance = 5e-4, steps = 60, check, onStep }: CriticalPointsOptions = {},
): Promise<CriticalPoint[]> {
  const starts = networks.map(({ parameters }) => flattened(parameters))
  const [{ length } = new Float32Array()] = starts
  if (length === 0 || length > MOST_PARAMETERS)
    throw new UsageError(
      `the network has ${length} parameters, and the way to a zero gradient takes its whole Hessian again and again: give one of 1 to ${MOST_PARAMETERS}`,
    )
  const { first, second } = populationDerivatives(judged, networks, samples, check)
  const seekers = (await second(starts.map((at, network) => ({ network, at })))).map((slopes, network) => {
    const here = { at: starts[network] ?? new Float32Array(), slopes, norm: lengthOf(slopes.gradient) }
    return { network, here, best: here, from: here, steps: 0, isDone: false }
  })
  for (let step = 0; step < steps; step++) {
    for (const one of seekers) if (one.here.norm <= tolerance) one.isDone = true
    const left = seekers.filter(({ isDone }) => !isDone)
    if (left.length === 0) break
    onStep?.(step, left.length)
    const tried = []
    for (const one of left) tried.push({ one, places: await candidates(one.here) })
    const found = await first(tried.flatMap(({ one, places }) => places.map((at) => ({ network: one.network, at }))))
    const moves = tried.flatMap(({ one, places }, t) => {
      const ahead = places.map((at, i) => ({ at, ...(found[t * places.length + i] ?? NOWHERE) }))
      const at = chosen(one.here, ahead)
      one.isDone = at === undefined
      return at === undefined ? [] : [{ one, at }]
    })
    const slopes = await second(moves.map(({ one, at }) => ({ network: one.network, at })))
    for (const [i, { one, at }] of moves.entries()) {
      const there = slopes[i]
      if (there === undefined) continue
      one.here = { at, slopes: there, norm: lengthOf(there.gradient) }
      one.steps++
      if (one.here.norm < one.best.norm) one.best = one.here
    }
  }
  return seekers.map(({ best, from, steps: taken }) => ({
    ...{ loss: best.slopes.loss, gradientNorm: best.norm, at: best.at, steps: taken },
    from: { loss: from.slopes.loss, gradientNorm: from.norm },
    hessian: symmetrized(best.slopes.hessian, best.at.length),
  }))
}

interface Standing {
  readonly at: Float32Array
  readonly slopes: SecondDerivatives
  readonly norm: number
}

const NOWHERE: Derivatives = { loss: Number.NaN, gradient: Float64Array.of(Number.NaN) }

/** The step that is taken: to a gradient that is clearly shorter, else to a lower loss, else to any shorter gradient. */
function chosen(
  { norm, slopes }: Standing,
  ahead: readonly (Derivatives & { readonly at: Float32Array })[],
): Float32Array | undefined {
  const least = (by: (one: Derivatives) => number, below: number): Float32Array | undefined => {
    let [found, value]: [Float32Array | undefined, number] = [undefined, below]
    for (const one of ahead)
      if (by(one) < value) {
        found = one.at
        value = by(one)
      }
    return found
  }
  const length = ({ gradient }: Derivatives): number => lengthOf(gradient)
  return least(length, norm * (1 - SHORTER)) ?? least(({ loss }) => loss, slopes.loss) ?? least(length, norm)
}

/** Where steps with each damping lead: towards a shorter gradient, and towards a lower loss. */
async function candidates({ at, slopes: { gradient, hessian } }: Standing): Promise<Float32Array[]> {
  const n = at.length
  const { values, vectors } = await symmetricEigen(symmetrized(hessian, n).matrix, n)
  const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE)
  const along = Array.from(values, (_, i) => dot(vectors.subarray(i * n, (i + 1) * n), gradient))
  const moved = (factor: (value: number) => number): Float32Array => {
    const step = new Float64Array(n)
    for (const [i, value] of values.entries()) {
      const times = factor(value) * (along[i] ?? 0)
      for (let j = 0; j < n; j++) step[j] = (step[j] ?? 0) - times * (vectors[i * n + j] ?? 0)
    }
    return at.map((value, j) => value + (step[j] ?? 0))
  }
  const dampings = DAMPINGS.map((share) => share * largest)
  return [
    ...dampings.map((damping) => moved((value) => value / (value * value + damping * damping))),
    ...dampings.map((damping) => moved((value) => 1 / (Math.abs(value) + damping))),
  ]
}
