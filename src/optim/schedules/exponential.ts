import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { epochOf, type Schedule } from './schedule.ts'

const schema = z.strictObject({ gamma: z.number().positive() })

/**
 * The learning rate is multiplied by `gamma` after each epoch: γ^epoch (PyTorch's `ExponentialLR`, stepped once an epoch).
 *
 * @param options.gamma above 0; 0.95 halves the rate in 14 epochs
 * @example
 * exponential({ gamma: 0.95 })
 */
export function exponential(options: { readonly gamma: number }): Schedule {
  const config = parseConfig('exponential', schema, options)
  return {
    kind: 'exponential',
    config,
    factor: (step, _, context) => config.gamma ** epochOf(step, context),
    with: (changes) => exponential({ ...options, ...changes }),
  }
}
