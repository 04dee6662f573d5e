import * as z from 'zod'
import { parseConfig } from '../../nn/config.ts'
import { better, type Report, type TrialRecord } from '../trial.ts'
import type { Pruner } from './pruner.ts'

export interface SuccessiveHalvingOptions {
  /** Step of the first rung (default 1). Steps count what a trial has consumed: epochs finished, from 1. */
  readonly minResource?: number
  /** Each rung is at so many times the step of the one before, and lets one in so many through (default 4). */
  readonly reductionFactor?: number
  /** Rungs left out at the bottom, for trials that show nothing so early (default 0). */
  readonly minEarlyStoppingRate?: number
}

const whole = (least: number) => z.int().min(least, `give a whole number of at least ${least}`).optional()
const schema = z.strictObject({ minResource: whole(1), reductionFactor: whole(2), minEarlyStoppingRate: whole(0) })

/**
 * Asynchronous successive halving (ASHA): rung k is at step minResource · reductionFactor^(k + minEarlyStoppingRate). A trial that reaches a rung goes on
 * if it is among the best 1/reductionFactor of all that have reached it so far, or the best of them while these are fewer than
 * reductionFactor; otherwise it is stopped. Nobody waits: the first to come go on more easily than they would in the end.
 *
 * The most epochs saved of all pruners here, for many trials (some dozens a rung). Not for a handful of trials, nor where the order at the first
 * rung says nothing of the order at the end.
 *
 * Sources: Jamieson, Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016; Li et al., "A system for
 * massively parallel hyperparameter tuning", MLSys 2020. Like Optuna's, trials are stopped, never paused and taken up again.
 *
 * @example
 * successiveHalving({ minResource: 1, reductionFactor: 3 }) // judged after 1, 3, 9, 27 … epochs
 */
export function successiveHalving(options: SuccessiveHalvingOptions = {}): Pruner {
  const given = parseConfig('successiveHalving', schema, options)
  const { minResource = 1, reductionFactor = 4, minEarlyStoppingRate = 0 } = given
  const rungBelow = (step: number): number | undefined => {
    let rung = minResource * reductionFactor ** minEarlyStoppingRate
    if (step < rung) return undefined
    while (rung * reductionFactor <= step) rung *= reductionFactor
    return rung
  }
  return {
    kind: 'successiveHalving',
    config: { minResource, reductionFactor, minEarlyStoppingRate },
    shouldPrune: (trial, trials, direction) => {
      const last = trial.reports.at(-1)
      const rung = last && rungBelow(last.step)
      if (last === undefined || rung === undefined || reached(trial, rung) !== last) return false
      if (Number.isNaN(last.value)) return true
      const order = better(direction)
      const others = trials.flatMap((other) => (other.number === trial.number ? [] : (reached(other, rung) ?? [])))
      const passing = Math.max(1, Math.floor((others.length + 1) / reductionFactor))
      return others.filter(({ value }) => order(value, last.value) < 0).length >= passing
    },
  }
}

/** The report with which a trial came to a rung. */
const reached = ({ reports }: TrialRecord, rung: number): Report | undefined => reports.find(({ step }) => step >= rung)
