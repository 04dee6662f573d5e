import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { type Chosen, choose, type Parameter, pattern, type Regularizer, strength } from './regularizer.ts'
import { signOf, softThreshold, sumOfMagnitudes } from './softThreshold.ts'

const schema = z.strictObject({ lambda: strength, method: z.enum(['proximal', 'subgradient']), parameters: pattern })

export interface L1Options extends Chosen {
  /** Strength λ, at least 0. */
  readonly lambda: number
  /** Default 'proximal'. */
  readonly method?: 'proximal' | 'subgradient'
}

/**
 * Few weights: λ·Σ|θ| is added to the loss (the lasso of Tibshirani, 1996). The proximal method moves every weight towards 0
 * by lr·λ after each step and stops it there, θ ← sign(θ)·max(0, |θ| - lr·λ), so that weights are exactly 0 (Parikh and
 * Boyd, 2014, 6.5.2). The subgradient, λ·sign(θ) added to the gradients as PyTorch would have it, only comes near.
 *
 * @example
 * l1({ lambda: 1e-4 })
 */
export function l1(options: L1Options): Regularizer {
  const config = parseConfig('l1', schema, { method: 'proximal', ...options })
  const { lambda, method } = config
  return {
    kind: 'l1',
    config,
    bind: (parameters) => {
      const chosen = choose('l1', config.parameters, parameters)
      return {
        ...(method === 'subgradient'
          ? { beforeStep: () => addSigns(chosen, lambda) }
          : {
              afterStep: (lr: number) => {
                for (const { data } of chosen) softThreshold(data, lr * lambda)
              },
            }),
        penalty: () => lambda * chosen.reduce((sum, { data }) => sum + sumOfMagnitudes(data), 0),
      }
    },
    with: (changes) => l1({ ...options, ...changes }),
  }
}

function addSigns(parameters: readonly Parameter[], lambda: number): void {
  for (const { data, gradient } of parameters)
    for (let i = 0; i < data.length; i++) gradient[i] = (gradient[i] ?? 0) + lambda * signOf(data[i] ?? 0)
}
