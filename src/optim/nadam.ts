import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import type { AdamOptions } from './adam.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  momentumDecay: z.number().min(0),
})

export interface NadamOptions extends AdamOptions {
  /** How fast the momentum warms up; default 4e-3. */
  readonly momentumDecay?: number
}

/**
 * Adam with Nesterov's look ahead (Dozat, 2016) as in PyTorch: μₜ = β₁(1 - 0.96^(tψ)/2);
 * θ ← θ - lr·((1-μₜ)/(1-Πμ)·g + μₜ₊₁/(1-Πμ·μₜ₊₁)·m) / (√v̂ + ε), where Πμ is the product of μ₁ to μₜ.
 *
 * @param options as {@link adam}'s, but the learning rate is 2e-3 by default
 * @example
 * nadam({ lr: 2e-3 })
 */
export function nadam(options: NadamOptions = {}): Optimizer {
  const config = parseConfig('nadam', schema, {
    lr: 2e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    momentumDecay: 4e-3,
    ...options,
  })
  const { lr, beta1, beta2, epsilon, weightDecay, momentumDecay } = config
  const momentum = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay))
  // Products of μ₁ to μₜ, worked out as far as a step has asked for: a resumed run asks far ahead at once.
  const products = [1]
  const productUpTo = (step: number): number => {
    for (let t = products.length; t <= step; t++) products.push((products[t - 1] ?? 1) * momentum(t))
    return products[step] ?? 0
  }
  return {
    kind: 'nadam',
    config,
    lr,
    state: ['exp_avg', 'exp_avg_sq'],
    coefficients: (step, rate) => {
      const [now, next, product] = [momentum(step), momentum(step + 1), productUpTo(step)]
      return {
        gradientStep: (rate * (1 - now)) / (1 - product),
        momentumStep: (rate * next) / (1 - product * next),
        rootCorrection: 1 / Math.sqrt(1 - beta2 ** step),
        decay: weightDecay,
      }
    },
    // The product of all momenta so far is no expression in the step.
    formulas: undefined,
    update: (vectors, scalars) => {
      const gradient = decayed(vectors, scalars)
      const mean = add(mul(need(vectors, 'exp_avg'), beta1), mul(gradient, 1 - beta1))
      const square = add(mul(need(vectors, 'exp_avg_sq'), beta2), mul(mul(gradient, gradient), 1 - beta2))
      const denominator = add(mul(sqrt(square), need(scalars, 'rootCorrection')), epsilon)
      const ahead = add(mul(gradient, need(scalars, 'gradientStep')), mul(mean, need(scalars, 'momentumStep')))
      return {
        parameter: sub(need(vectors, 'parameter'), div(ahead, denominator)),
        exp_avg: mean,
        exp_avg_sq: square,
      }
    },
    with: (changes) => nadam({ ...options, ...changes }),
  }
}
