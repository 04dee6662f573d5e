import { UsageError } from '../../errors.ts'
import { bernoulli, foldIn, key } from '../../random/index.ts'
import type { LossFunction } from '../lossFunction.ts'
import { ball, box, maximizeWithin, type Region } from './maximize.ts'

/** How far a loss can rise when the weights are moved a little. */
export interface Sharpness {
  /** At the weights themselves. */
  readonly loss: number
  /** The largest that was found. */
  readonly maximum: number
  /** 100 · (maximum − loss) / (1 + loss), in percent. */
  readonly percent: number
  /** What of `percent` is rounding: the loss moves by as much when each weight is moved by its last bit. */
  readonly resolution: number
  /** Whether it is more than rounding. If not, all that is known is that it is below `resolution`. */
  readonly isResolved: boolean
  /** Times that loss and gradient were computed. */
  readonly evaluations: number
}

export interface SharpnessOptions {
  /** Steps of the ascent at most; default 20. */
  readonly steps?: number
  readonly onStep?: (step: number) => void
}

/**
 * ε-sharpness: how far the loss rises at most when each weight θ is moved by up to ε(|θ| + 1), in percent of 1 + loss.
 *
 * It depends on how a network is written: multiplying the weights of a ReLU layer by a number and dividing those of the next by it changes no output, and
 * changes this. {@link adaptiveSharpness} stays as it is.
 *
 * Source: Keskar et al., On large-batch training for deep learning, 2017, metric 2.1 over all parameters
 *
 * @param options.epsilon - default 1e-3
 *
 * @example
 * sharpnessText(await epsilonSharpness(loss, { epsilon: 1e-3 })) // '3.21 %'
 */
export async function epsilonSharpness(
  loss: LossFunction,
  { epsilon = 1e-3, ...options }: SharpnessOptions & { readonly epsilon?: number } = {},
): Promise<Sharpness> {
  if (!(epsilon > 0 && epsilon < 1)) throw new UsageError(`epsilon is ${epsilon}: give a number between 0 and 1`)
  return sharpnessWithin(loss, box(loss.parameters.map((value) => epsilon * (Math.abs(value) + 1))), options)
}

/**
 * Adaptive sharpness: how far the loss rises at most when the weights are moved by at most ρ, each measured in its own size: ‖δ / |θ|‖₂ ≤ ρ; in percent
 * of 1 + loss. A weight that is 0 stays.
 *
 * Why beside {@link epsilonSharpness}: a network with ReLU layers computes the same when the weights of one layer are multiplied and those of the next divided
 * by a number. Such a rescaling changes ε-sharpness at will, so that no comparison of networks by it means anything unless their weights have the same
 * scale; it moves the steps allowed here along with the weights, and leaves this value as it is.
 *
 * Source: Kwon et al., ASAM: adaptive sharpness-aware minimization for scale-invariant learning of deep neural networks, 2021, with p = 2
 *
 * @param options.rho - default 0.5, as in the source
 *
 * @example
 * sharpnessText(await adaptiveSharpness(loss)) // '12.6 %'
 */
export async function adaptiveSharpness(
  loss: LossFunction,
  { rho = 0.5, ...options }: SharpnessOptions & { readonly rho?: number } = {},
): Promise<Sharpness> {
  if (!(rho > 0)) throw new UsageError(`rho is ${rho}: give a number above 0`)
  return sharpnessWithin(loss, ball(loss.parameters.map(Math.abs), rho), options)
}

/** A value with four significant digits, or that it is below what can be told. */
export const sharpnessText = ({ percent, resolution, isResolved }: Sharpness): string =>
  isResolved ? `${Number(percent.toPrecision(4))} %` : `below what float32 can tell, < ${resolution.toExponential(1)} %`

async function sharpnessWithin(
  loss: LossFunction,
  region: Region,
  { steps = 20, onStep }: SharpnessOptions,
): Promise<Sharpness> {
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError(`steps is ${steps}: give a whole number of at least 1`)
  const base = await loss.value(loss.parameters)
  if (!Number.isFinite(base))
    throw new UsageError(
      `the loss is ${base} at the weights, and how far it rises cannot be told: give a network that has not diverged`,
    )
  const { value: maximum, evaluations } = await maximizeWithin(loss, region, { steps, onStep })
  const percentOf = (rise: number): number => (100 * rise) / (1 + base)
  const [percent, resolution] = [percentOf(Math.max(0, maximum - base)), percentOf(await rounding(loss, base))]
  return { loss: base, maximum, percent, resolution, isResolved: percent > resolution, evaluations }
}

const FLOAT32_EPSILON = 2 ** -23
/** Times that the last bits are moved. */
const TRIES = 4

/** How far a loss moves with the last bits of the weights, at least by its own last bit. */
async function rounding(loss: LossFunction, base: number): Promise<number> {
  let most = FLOAT32_EPSILON * Math.abs(base)
  for (let k = 0; k < TRIES; k++) {
    const up = bernoulli(foldIn(key(0), k), loss.parameters.length, 0.5)
    const moved = loss.parameters.map((value, i) => value * (1 + (up[i] === 1 ? 1 : -1) * FLOAT32_EPSILON))
    most = Math.max(most, Math.abs((await loss.value(moved)) - base))
  }
  return most
}
