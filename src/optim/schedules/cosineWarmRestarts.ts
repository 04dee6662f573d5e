import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { type Schedule, share } from './schedule.ts'

const schema = z.strictObject({ t0: z.number().int().min(1), tMult: z.number().int().min(1), minimum: share })

export interface CosineWarmRestartsOptions {
  /** Epochs of the first cycle, the paper's T₀. */
  readonly t0: number
  /** How many times as long as the one before each further cycle is, the paper's T_mult; default 1. */
  readonly tMult?: number
  /** Share of the learning rate towards which each cycle falls; default 0. */
  readonly minimum?: number
}

/**
 * Half a cosine from the learning rate down to `minimum` times it, again and again: m + (1 - m)·(1 + cos(π·t/T))/2, t of the
 * cycle's T epochs being over (Loshchilov and Hutter, 2017; PyTorch's `CosineAnnealingWarmRestarts`, stepped after every
 * batch by its share of the epoch). A training ends best where a cycle ends: after t0·(1 + tMult + tMult² + …) epochs.
 *
 * @example
 * cosineWarmRestarts({ t0: 10, tMult: 2 }) // cycles of 10, 20 and 40 epochs
 */
export function cosineWarmRestarts(options: CosineWarmRestartsOptions): Schedule {
  const config = parseConfig('cosineWarmRestarts', schema, { tMult: 1, minimum: 0, ...options })
  const { t0, tMult, minimum } = config
  return {
    kind: 'cosineWarmRestarts',
    config,
    factor: (step, _, { stepsPerEpoch }) => {
      // In whole steps, so that a cycle begins exactly where it should.
      let length = t0 * stepsPerEpoch
      let position = tMult === 1 ? step % length : step
      while (position >= length) {
        position -= length
        length *= tMult
      }
      return minimum + ((1 - minimum) * (1 + Math.cos((Math.PI * position) / length))) / 2
    },
    with: (changes) => cosineWarmRestarts({ ...options, ...changes }),
  }
}
