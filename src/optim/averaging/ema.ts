import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { type Averaging, moveTowards } from './averaging.ts'

const schema = z.strictObject({ decay: z.number().min(0).lt(1), warmup: z.boolean() })

export interface EmaOptions {
  /** Share of the average that each step keeps, so that about the last 1/(1 - decay) steps count; default 0.999. */
  readonly decay?: number
  /** Keeps less in the beginning, so that the first weights are soon forgotten; default true. */
  readonly warmup?: boolean
}

/**
 * Exponential moving average of the weights, taken after every step: a ← d·a + (1 - d)·θ (Tarvainen and Valpola, 2017; in
 * PyTorch `AveragedModel` with an `avg_fn`, which has no warm-up). With `warmup` d is min(decay, (1 + t)/(10 + t)) at update t, as
 * in TensorFlow: without, a training of few more than 1/(1 - decay) steps ends with what it began with.
 *
 * @example
 * ema({ decay: 0.999 })
 */
export function ema(options: EmaOptions = {}): Averaging {
  const config = parseConfig('ema', schema, { decay: 0.999, warmup: true, ...options })
  const { decay, warmup } = config
  return {
    kind: 'ema',
    config,
    due: () => true,
    update: (average, parameters, updates) => {
      const kept = warmup ? Math.min(decay, (1 + updates) / (10 + updates)) : decay
      moveTowards(average, parameters, updates === 0 ? 1 : 1 - kept)
    },
    with: (changes) => ema({ ...options, ...changes }),
  }
}
