import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  rho: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
})

export interface AdadeltaOptions {
  /** Learning rate; default 1. */
  readonly lr?: number
  /** Decay of both mean squares; default 0.9. */
  readonly rho?: number
  /** Under both roots; default 1e-6. */
  readonly epsilon?: number
  /** L2 penalty, added to the gradient; default 0. */
  readonly weightDecay?: number
}

/**
 * Adadelta (Zeiler, 2012) as in PyTorch: s ← ρs + (1-ρ)g²; δ = √(d + ε)/√(s + ε)·g; d ← ρd + (1-ρ)δ²; θ ← θ - lr·δ.
 *
 * @example
 * adadelta()
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  const config = parseConfig('adadelta', schema, { lr: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0, ...options })
  const { lr, rho, epsilon, weightDecay } = config
  return {
    kind: 'adadelta',
    config,
    lr,
    state: ['square_avg', 'acc_delta'],
    coefficients: (_, rate) => ({ lr: rate, decay: weightDecay }),
    formulas: { lr: 'lr', decay: `${weightDecay}` },
    update: (vectors, scalars) => {
      const gradient = decayed(vectors, scalars)
      const before = need(vectors, 'acc_delta')
      const square = add(mul(need(vectors, 'square_avg'), rho), mul(mul(gradient, gradient), 1 - rho))
      const delta = mul(div(sqrt(add(before, epsilon)), sqrt(add(square, epsilon))), gradient)
      return {
        parameter: sub(need(vectors, 'parameter'), mul(delta, need(scalars, 'lr'))),
        square_avg: square,
        acc_delta: add(mul(before, rho), mul(mul(delta, delta), 1 - rho)),
      }
    },
    with: (changes) => adadelta({ ...options, ...changes }),
  }
}
