import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { isBetter, type Monitor, monitored } from './monitor.ts'
import type { Report } from './position.ts'

const schema = z.strictObject({
  patience: z.number().int().min(1),
  minDelta: z.number().min(0),
  restoreBest: z.boolean(),
})

export interface EarlyStoppingOptions {
  /** Evaluations without a better value after which training ends; default 5. */
  readonly patience?: number
  /** By how much a value must be better to count; default 0. */
  readonly minDelta?: number
  /** Whether training ends with the weights of the best evaluation; default true. */
  readonly restoreBest?: boolean
}

/** When a training ends before its last epoch: a value, like the experiment's other parts. */
export interface EarlyStopping {
  readonly kind: 'earlyStopping'
  readonly config: Readonly<Required<EarlyStoppingOptions>>
  with(changes: Readonly<Record<string, unknown>>): EarlyStopping
}

/**
 * Ends training when the monitored value (`experiment({ monitor })`, by default the validation loss) has not become better for
 * some evaluations, as Keras's `EarlyStopping` does (Prechelt, 1998). Choose by a validation split, never by the samples that give the
 * reported score.
 *
 * @throws UsageError naming the option that is out of range
 * @example
 * experiment({ …, monitor: 'validation.accuracy', earlyStopping: earlyStopping({ patience: 3 }) })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const config = parseConfig('earlyStopping', schema, { patience: 5, minDelta: 0, restoreBest: true, ...options })
  return { kind: 'earlyStopping', config, with: (changes) => earlyStopping({ ...options, ...changes }) }
}

/** Whether the reports so far are reason to stop. */
export function hasStopped(
  { config: { patience, minDelta } }: EarlyStopping,
  history: readonly Report[],
  monitor: Monitor,
): boolean {
  let best = Number.NaN
  let waited = 0
  for (const report of history) {
    const value = monitored(report, monitor)
    if (value === undefined) continue
    if (isBetter(value, best, monitor.goal, minDelta)) {
      best = value
      waited = 0
    } else waited += 1
    if (waited >= patience) return true
  }
  return false
}
