import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { type Schedule, share } from './schedule.ts'

const schema = z.strictObject({ minimum: share })

/**
 * Half a cosine from the optimiser's learning rate down to `minimum` times it at the last step (Loshchilov and Hutter, 2017,
 * without restarts; PyTorch's `CosineAnnealingLR` over all steps): m + (1 - m)·(1 + cos(π·step/steps))/2.
 *
 * @param options.minimum share of the learning rate that is left at the end; default 0
 * @example
 * experiment({ …, optimizer: adam({ lr: 1e-3 }), schedule: cosine() })
 */
export function cosine(options: { readonly minimum?: number } = {}): Schedule {
  const config = parseConfig('cosine', schema, { minimum: 0, ...options })
  return {
    kind: 'cosine',
    config,
    factor: (step, steps) => config.minimum + ((1 - config.minimum) * (1 + Math.cos((Math.PI * step) / steps))) / 2,
    with: (changes) => cosine({ ...options, ...changes }),
  }
}
