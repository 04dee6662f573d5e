import * as z from 'zod'
import { parseConfig } from '../../nn/config.ts'
import { better, type TrialRecord } from '../trial.ts'
import type { Pruner } from './pruner.ts'

export interface MedianPrunerOptions {
  /** Complete trials before which none is pruned (default 5). */
  readonly startupTrials?: number
  /** Steps up to and including this one are never judged (default 0). */
  readonly warmupSteps?: number
  /** A trial is judged at its first report in each stretch of so many steps after the warm-up (default 1: at each report). */
  readonly interval?: number
}

const whole = (least: number) => z.int().min(least, `give a whole number of at least ${least}`).optional()
const schema = z.strictObject({ startupTrials: whole(0), warmupSteps: whole(0), interval: whole(1) })

/**
 * Stops a trial whose best value so far is worse than the median of what complete trials had reported at the same step, as a value that is no
 * number does at once. Steps that no complete trial has reported are not judged.
 *
 * A good first choice where trials learn at about the same pace. Not where slow starters win (small learning rates, long warm-ups: raise
 * `warmupSteps`), nor where half of all trials is still too many to finish: `successiveHalving` stops more.
 *
 * Source: the rule of Golovin et al., "Google Vizier", KDD 2017, as Optuna's MedianPruner has it.
 *
 * @example
 * medianPruner({ warmupSteps: 3 })
 */
export function medianPruner(options: MedianPrunerOptions = {}): Pruner {
  const { startupTrials = 5, warmupSteps = 0, interval = 1 } = parseConfig('medianPruner', schema, options)
  return {
    kind: 'median',
    config: { startupTrials, warmupSteps, interval },
    shouldPrune: ({ number, reports }, trials, direction) => {
      const last = reports.at(-1)
      const complete = trials.filter((trial) => trial.number !== number && trial.outcome?.state === 'complete')
      if (last === undefined || last.step <= warmupSteps || complete.length < startupTrials) return false
      const stretch = (step: number): number => Math.floor((step - warmupSteps - 1) / interval)
      const before = reports.at(-2)
      if (before !== undefined && before.step > warmupSteps && stretch(before.step) === stretch(last.step)) return false
      const order = better(direction)
      const others = complete.flatMap((trial) => reportedAt(trial, last.step)).sort(order)
      if (others.length === 0) return false
      const [best = Number.NaN] = reports.map(({ value }) => value).sort(order)
      return Number.isNaN(best) || order(best, medianOf(others)) > 0
    },
  }
}

const reportedAt = ({ reports }: TrialRecord, step: number): number[] =>
  reports.filter((report) => report.step === step && !Number.isNaN(report.value)).map(({ value }) => value)

/** @param sorted - at least one */
function medianOf(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 1 ? half : half - 1], sorted[half]]
  return low === high ? (low ?? Number.NaN) : ((low ?? 0) + (high ?? 0)) / 2
}
