import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { sumOfSquares } from '../norm.ts'
import { type Chosen, choose, pattern, type Regularizer, strength } from './regularizer.ts'
import { softThreshold, sumOfMagnitudes } from './softThreshold.ts'

const schema = z.strictObject({ l1: strength, l2: strength, parameters: pattern })

export interface ElasticNetOptions extends Chosen {
  /** Strength λ₁ of the magnitudes, at least 0. */
  readonly l1: number
  /** Strength λ₂ of the squares, at least 0. */
  readonly l2: number
}

/**
 * Few weights, and small ones: λ₁·Σ|θ| + λ₂/2·Σθ² is added to the loss (Zou and Hastie, 2005), by a proximal step after each
 * of the optimiser's: θ ← sign(θ)·max(0, |θ| - lr·λ₁) / (1 + lr·λ₂) (Parikh and Boyd, 2014, 6.5.3). Where inputs are alike it
 * keeps them together, of which the lasso picks one. scikit-learn's `alpha` and `l1_ratio` are λ₁ = α·ρ, λ₂ = α·(1 - ρ) for
 * half the mean squared error.
 *
 * @example
 * elasticNet({ l1: 1e-4, l2: 1e-4 })
 */
export function elasticNet(options: ElasticNetOptions): Regularizer {
  const config = parseConfig('elasticNet', schema, options)
  return {
    kind: 'elasticNet',
    config,
    bind: (parameters) => {
      const chosen = choose('elasticNet', config.parameters, parameters)
      return {
        afterStep: (lr) => {
          for (const { data } of chosen) softThreshold(data, lr * config.l1, 1 / (1 + lr * config.l2))
        },
        penalty: () =>
          chosen.reduce(
            (sum, { data }) => sum + config.l1 * sumOfMagnitudes(data) + (config.l2 / 2) * sumOfSquares(data),
            0,
          ),
      }
    },
    with: (changes) => elasticNet({ ...options, ...changes }),
  }
}
