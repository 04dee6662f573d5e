import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { scale, sumOfSquares } from '../norm.ts'
import { type Chosen, choose, pattern, type Regularizer, strength } from './regularizer.ts'

const schema = z.strictObject({ lambda: strength, decoupled: z.boolean(), parameters: pattern })

export interface L2Options extends Chosen {
  /** Strength λ, at least 0. */
  readonly lambda: number
  /** Shrinks the weights by themselves, not by the gradient; default false. */
  readonly decoupled?: boolean
}

/**
 * Small weights: λ/2·Σθ² is added to the loss, that is λθ to the gradients, as PyTorch's `weight_decay` does for all
 * parameters. Decoupled, θ ← (1 - lr·λ)θ before each step (Loshchilov and Hutter, 2019): the same for plain SGD, but
 * not for optimisers that rescale gradients. Where all parameters should decay, the optimiser's own `weightDecay` is faster.
 *
 * @example
 * l2({ lambda: 1e-4 })
 */
export function l2(options: L2Options): Regularizer {
  const config = parseConfig('l2', schema, { decoupled: false, ...options })
  const { lambda, decoupled } = config
  return {
    kind: 'l2',
    config,
    bind: (parameters) => {
      const chosen = choose('l2', config.parameters, parameters)
      return {
        beforeStep: (lr) => {
          for (const { data, gradient } of chosen)
            if (decoupled) scale(data, 1 - lr * lambda)
            else for (let i = 0; i < data.length; i++) gradient[i] = (gradient[i] ?? 0) + lambda * (data[i] ?? 0)
        },
        penalty: () => (lambda / 2) * chosen.reduce((sum, { data }) => sum + sumOfSquares(data), 0),
      }
    },
    with: (changes) => l2({ ...options, ...changes }),
  }
}
