import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, cast, greater, less, mul, sub } from '../tensor/index.ts'
import { need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  weightDecay: z.number().min(0),
})

export interface LionOptions {
  /** Learning rate, three to ten times below Adam's; default 1e-4. */
  readonly lr?: number
  /** Weight of the momentum in the step's direction; default 0.9. */
  readonly beta1?: number
  /** Decay of the momentum; default 0.99. */
  readonly beta2?: number
  /** Decoupled; default 0. */
  readonly weightDecay?: number
}

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): every parameter moves by the same amount,
 * θ ← (1 - lr·λ)θ - lr·sign(β₁m + (1-β₁)g); then m ← β₂m + (1-β₂)g. One vector of state, where Adam has two.
 *
 * @example
 * lion({ lr: 1e-4, weightDecay: 0.1 })
 */
export function lion(options: LionOptions = {}): Optimizer {
  const config = parseConfig('lion', schema, { lr: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0, ...options })
  const { lr, beta1, beta2, weightDecay } = config
  return {
    kind: 'lion',
    config,
    lr,
    state: ['exp_avg'],
    coefficients: (_, rate) => ({ lr: rate, keep: 1 - rate * weightDecay }),
    formulas: { lr: 'lr', keep: `1 - lr * ${weightDecay}` },
    update: (vectors, scalars) => {
      const gradient = need(vectors, 'gradient')
      const momentum = need(vectors, 'exp_avg')
      const direction = add(mul(momentum, beta1), mul(gradient, 1 - beta1))
      const sign = sub(cast(greater(direction, 0), 'float32'), cast(less(direction, 0), 'float32'))
      const kept = mul(need(vectors, 'parameter'), need(scalars, 'keep'))
      return {
        parameter: sub(kept, mul(sign, need(scalars, 'lr'))),
        exp_avg: add(mul(momentum, beta2), mul(gradient, 1 - beta2)),
      }
    },
    with: (changes) => lion({ ...options, ...changes }),
  }
}
