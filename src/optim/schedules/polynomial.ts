import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { type Schedule, share } from './schedule.ts'

const schema = z.strictObject({ power: z.number().positive(), minimum: share })

export interface PolynomialOptions {
  /** Default 1: a straight line. */
  readonly power?: number
  /** Share of the learning rate that is left at the end; default 0. */
  readonly minimum?: number
}

/**
 * The learning rate falls from step to step to `minimum` times itself at the last one: m + (1 - m)·(1 - step/steps)^power
 * (PyTorch's `PolynomialLR` over all steps, where m is 0). Power 0.9 is customary in segmentation (Chen et al., 2017).
 *
 * @example
 * polynomial({ power: 2 })
 */
export function polynomial(options: PolynomialOptions = {}): Schedule {
  const config = parseConfig('polynomial', schema, { power: 1, minimum: 0, ...options })
  const { power, minimum } = config
  return {
    kind: 'polynomial',
    config,
    factor: (step, steps) => minimum + (1 - minimum) * Math.max(0, 1 - step / steps) ** power,
    with: (changes) => polynomial({ ...options, ...changes }),
  }
}
