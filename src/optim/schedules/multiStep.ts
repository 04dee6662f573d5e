import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { epochOf, type Schedule } from './schedule.ts'

const schema = z.strictObject({
  milestones: z
    .array(z.number().int().min(1))
    .min(1)
    .refine(
      (milestones) => milestones.every((epoch, i) => epoch > (milestones[i - 1] ?? 0)),
      'give epochs in rising order, each once, as in [30, 60, 80]',
    ),
  gamma: z.number().positive(),
})

export interface MultiStepOptions {
  /** Epochs after which the rate falls, rising. */
  readonly milestones: readonly number[]
  /** What the rate is multiplied by at each; default 0.1. */
  readonly gamma?: number
}

/**
 * The learning rate falls after the epochs that are named: γ^(number of milestones ≤ epoch) (PyTorch's `MultiStepLR`,
 * stepped once an epoch). He et al. (2016) trained their residual networks so.
 *
 * @example
 * multiStep({ milestones: [30, 60, 80] })
 */
export function multiStep(options: MultiStepOptions): Schedule {
  const config = parseConfig('multiStep', schema, { gamma: 0.1, ...options })
  const { milestones, gamma } = config
  return {
    kind: 'multiStep',
    config,
    factor: (step, _, context) => {
      const epoch = epochOf(step, context)
      return gamma ** milestones.filter((milestone) => milestone <= epoch).length
    },
    with: (changes) => multiStep({ ...options, ...changes }),
  }
}
