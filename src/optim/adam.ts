import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
})

export interface AdamOptions {
  /** Learning rate; default 1e-3. */
  readonly lr?: number
  /** Decay of the first moment; default 0.9. */
  readonly beta1?: number
  /** Decay of the second moment; default 0.999. */
  readonly beta2?: number
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number
  /** Default 0 for adam (L2, added to the gradient), 0.01 for adamW (decoupled). */
  readonly weightDecay?: number
}

/** Adam and AdamW differ only in where the decay enters. */
function adaptiveMoments(kind: 'adam' | 'adamW', options: AdamOptions): Optimizer {
  const config = parseConfig(kind, schema, {
    lr: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: kind === 'adam' ? 0 : 0.01,
    ...options,
  })
  const { lr, beta1, beta2, epsilon, weightDecay } = config
  return {
    kind,
    config,
    lr,
    state: ['exp_avg', 'exp_avg_sq'],
    coefficients: (step, rate) => ({
      stepSize: rate / (1 - beta1 ** step),
      rootCorrection: 1 / Math.sqrt(1 - beta2 ** step),
      ...(kind === 'adam' ? { decay: weightDecay } : { keep: 1 - rate * weightDecay }),
    }),
    formulas: {
      stepSize: `lr / (1 - ${beta1} ** step)`,
      rootCorrection: `(1 - ${beta2} ** step) ** -0.5`,
      ...(kind === 'adam' ? { decay: `${weightDecay}` } : { keep: `1 - lr * ${weightDecay}` }),
    },
    update: (vectors, scalars) => {
      const before = need(vectors, 'parameter')
      const parameter = kind === 'adamW' ? mul(before, need(scalars, 'keep')) : before
      const gradient = kind === 'adam' ? decayed(vectors, scalars) : need(vectors, 'gradient')
      const mean = add(mul(need(vectors, 'exp_avg'), beta1), mul(gradient, 1 - beta1))
      const square = add(mul(need(vectors, 'exp_avg_sq'), beta2), mul(mul(gradient, gradient), 1 - beta2))
      const denominator = add(mul(sqrt(square), need(scalars, 'rootCorrection')), epsilon)
      const change = mul(div(mean, denominator), need(scalars, 'stepSize'))
      return { parameter: sub(parameter, change), exp_avg: mean, exp_avg_sq: square }
    },
    with: (changes) => adaptiveMoments(kind, { ...options, ...changes }),
  }
}

/**
 * Adam (Kingma and Ba, 2015) as in PyTorch: m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; θ ← θ - lr·m̂ / (√v̂ + ε) with
 * m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ). With weight decay the gradient is g + λθ: use {@link adamW} for decay as it is meant today.
 *
 * @example
 * adam({ lr: 1e-3 })
 */
export const adam = (options: AdamOptions = {}): Optimizer => adaptiveMoments('adam', options)

/** Adam with decoupled weight decay, θ ← (1 - lr·λ)θ before each step (Loshchilov and Hutter, 2019). */
export const adamW = (options: AdamOptions = {}): Optimizer => adaptiveMoments('adamW', options)
