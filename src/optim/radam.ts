import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import type { AdamOptions } from './adam.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().gt(0.5).lt(1),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
})

/**
 * Rectified Adam (Liu et al., 2020) as in PyTorch: while the second moment has seen too few gradients for its variance to be
 * known (ρₜ ≤ 5), steps follow the first moment alone; then Adam's, shortened by the rectification r:
 * ρₜ = ρ∞ - 2tβ₂ᵗ/(1-β₂ᵗ), ρ∞ = 2/(1-β₂) - 1, r² = (ρₜ-4)(ρₜ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρₜ). It needs no warm-up.
 *
 * @param options as {@link adam}'s; `beta2` must be above 0.5
 * @example
 * radam({ lr: 1e-3 })
 */
export function radam(options: AdamOptions = {}): Optimizer {
  const config = parseConfig('radam', schema, {
    lr: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    ...options,
  })
  const { lr, beta1, beta2, epsilon, weightDecay } = config
  const limit = 2 / (1 - beta2) - 1
  const known = `(${limit} - 2 * step * ${beta2} ** step / (1 - ${beta2} ** step))`
  // The root of an absolute value, which both languages write alike: below 5 it is multiplied by false.
  const root = `((((${known} - 4) * (${known} - 2) * ${limit} / ((${limit} - 4) * (${limit} - 2) * ${known})) * (1 - ${beta2} ** step)) ** 2) ** 0.25`
  return {
    kind: 'radam',
    config,
    lr,
    state: ['exp_avg', 'exp_avg_sq'],
    coefficients: (step, rate) => {
      const [first, second] = [1 - beta1 ** step, 1 - beta2 ** step]
      const length = limit - (2 * step * beta2 ** step) / second
      const rectified = length > 5
      const squared = ((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length)
      return {
        plainStep: rectified ? 0 : rate / first,
        adaptiveStep: rectified ? (rate / first) * Math.sqrt(squared * second) : 0,
        decay: weightDecay,
      }
    },
    formulas: {
      plainStep: `(${known} <= 5) * lr / (1 - ${beta1} ** step)`,
      adaptiveStep: `(${known} > 5) * lr / (1 - ${beta1} ** step) * ${root}`,
      decay: `${weightDecay}`,
    },
    update: (vectors, scalars) => {
      const gradient = decayed(vectors, scalars)
      const mean = add(mul(need(vectors, 'exp_avg'), beta1), mul(gradient, 1 - beta1))
      const square = add(mul(need(vectors, 'exp_avg_sq'), beta2), mul(mul(gradient, gradient), 1 - beta2))
      const adaptive = mul(div(mean, add(sqrt(square), epsilon)), need(scalars, 'adaptiveStep'))
      const change = add(adaptive, mul(mean, need(scalars, 'plainStep')))
      return { parameter: sub(need(vectors, 'parameter'), change), exp_avg: mean, exp_avg_sq: square }
    },
    with: (changes) => radam({ ...options, ...changes }),
  }
}
