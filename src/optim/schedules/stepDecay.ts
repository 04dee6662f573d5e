import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { epochOf, type Schedule } from './schedule.ts'

const schema = z.strictObject({ stepSize: z.number().int().min(1), gamma: z.number().positive() })

export interface StepDecayOptions {
  /** Epochs between two falls. */
  readonly stepSize: number
  /** What the rate is multiplied by at each; default 0.1. */
  readonly gamma?: number
}

/**
 * The learning rate falls every `stepSize` epochs: γ^⌊epoch/stepSize⌋ (PyTorch's `StepLR`, stepped once an epoch).
 *
 * @example
 * stepDecay({ stepSize: 10 }) // lr, from epoch 10 on lr / 10, from epoch 20 on lr / 100
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const config = parseConfig('stepDecay', schema, { gamma: 0.1, ...options })
  const { stepSize, gamma } = config
  return {
    kind: 'stepDecay',
    config,
    factor: (step, _, context) => gamma ** Math.floor(epochOf(step, context) / stepSize),
    with: (changes) => stepDecay({ ...options, ...changes }),
  }
}
