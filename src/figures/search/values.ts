import { UsageError } from '../../errors.ts'
import { better, type Direction, finalValue, type TrialRecord } from '../../search/trial.ts'

/** What figures of a study say of its objective. */
export interface ValueOptions {
  /** What trials are judged by, as in `validation.accuracy`; default `value`. */
  readonly value?: string
}

/** A trial that came to its end. */
export interface Valued extends TrialRecord {
  readonly value: number
}

/**
 * Complete trials, by number.
 *
 * @throws UsageError where there is none
 */
export function valued(trials: readonly TrialRecord[]): readonly [Valued, ...Valued[]] {
  const [first, ...others] = trials.flatMap((trial) => {
    const value = finalValue(trial)
    return value === undefined ? [] : [{ ...trial, value }]
  })
  if (first === undefined) throw new UsageError('no trial of the study is complete yet: there is nothing to draw')
  return [first, ...others]
}

/** Trials from the best to the worst. */
export function bestFirst(trials: readonly Valued[], direction: Direction): Valued[] {
  const order = better(direction)
  return trials.toSorted((a, b) => order(a.value, b.value) || a.number - b.number)
}

/**
 * Not more trials than can be told apart: the best, and of the others evenly from the best to the worst.
 *
 * @param ordered - from the best on
 */
export function thinnedTrials(ordered: readonly Valued[], most: number, best: number): readonly Valued[] {
  const stride = Math.max(1, Math.ceil(ordered.length / most))
  return ordered.filter((_, rank) => rank < best || rank % stride === 0)
}

const LOG_LABEL = "format(datum.value, datum.value >= 1e5 || datum.value < 1e-3 ? '~e' : '~g')"

/** How many quartile distances beyond the worse quartile an axis goes. */
const FAR = 3

/**
 * An axis on which good values can be told apart: from the best to the worst, but not much farther than most; values beyond are drawn at its end.
 *
 * @param others - values that must not lie beyond the better end either
 */
export function valueScale(values: readonly number[], direction: Direction, others: readonly number[] = []) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (p: number): number => sorted[Math.round(p * (sorted.length - 1))] ?? 0
  const isDown = direction === 'minimize'
  const least = Math.min(at(0), ...(isDown ? others : []))
  const most = Math.max(at(1), ...(isDown ? [] : others))
  const reach = FAR * (at(0.75) - at(0.25))
  const [low, high] =
    reach === 0
      ? [least, most]
      : isDown
        ? [least, Math.min(most, at(0.75) + reach)]
        : [Math.max(least, at(0.25) - reach), most]
  const room = 0.04 * (high - low || Math.abs(high) || 1)
  // Where values are many times apart, those near the best would be one line.
  const isLog = low > 0 && high / low > 100
  return {
    scale: isLog
      ? { type: 'log' as const, domain: [low / 1.1, high * 1.1], nice: false }
      : { type: 'linear' as const, domain: [low - room, high + room], nice: false, zero: false },
    // A line for each step of each power of ten is a carpet.
    ticks: isLog ? { tickCount: 6, labelExpr: LOG_LABEL } : {},
    clamp: (value: number): number => Math.min(Math.max(value, low), high),
    beyond: [...values, ...others].filter((value) => value < low || value > high).length,
    low,
    high,
  }
}

/** Colours of values on paper, from the worst to the best: paler is worse, so that the best stands out in grey print too. */
export const VALUE_COLORS = ['#c9c3b8', '#E69F00', '#D55E00', '#882255'] as const

export const goalText = (direction: Direction): string => `${direction === 'minimize' ? 'lower' : 'higher'} is better`
