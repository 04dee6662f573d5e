import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { type Averaging, moveTowards } from './averaging.ts'

const schema = z.strictObject({
  start: z
    .number()
    .min(0)
    .refine(
      (start) => start < 1 || Number.isInteger(start),
      'give a share of the epochs below 1, or a whole number of them',
    ),
  every: z.number().int().min(1),
})

export interface SwaOptions {
  /** What passes before the first weights that count: a share of the epochs below 1, or a number of epochs; default 0.75. */
  readonly start?: number
  /** Epochs from one to the next; default 1. */
  readonly every?: number
}

/**
 * Stochastic weight averaging: the mean of the weights at the ends of the last epochs, a ← a + (θ - a)/(n + 1) (Izmailov et
 * al., 2018; PyTorch's `AveragedModel`). Of 20 epochs, the last 5 count by default. It needs a learning rate that stays high
 * enough in these epochs for the weights to differ. The running statistics of batch norm belong to the weights they were
 * taken with: an average needs them made anew by a pass over training samples.
 *
 * @throws UsageError at the first step of a training that ends before `start`
 * @example
 * swa({ start: 0.75 })
 */
export function swa(options: SwaOptions = {}): Averaging {
  const config = parseConfig('swa', schema, { start: 0.75, every: 1, ...options })
  const { start, every } = config
  return {
    kind: 'swa',
    config,
    due: (step, steps, { stepsPerEpoch }) => {
      const epochs = steps / stepsPerEpoch
      if (start >= 1 && start >= epochs)
        throw new UsageError(
          `swa: it starts after epoch ${start} and the training has ${epochs}: give less, or a share of them as in start: 0.75`,
        )
      if (step % stepsPerEpoch !== 0) return false
      // 0.29 · 100 is a little below 29 in binary.
      const before = Math.floor(start < 1 ? start * epochs + 1e-9 : start)
      const after = step / stepsPerEpoch - 1 - before
      return after >= 0 && after % every === 0
    },
    update: (average, parameters, updates) => {
      moveTowards(average, parameters, 1 / (updates + 1))
    },
    with: (changes) => swa({ ...options, ...changes }),
  }
}
