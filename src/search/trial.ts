import type { Point } from './space/index.ts'

/** Whether a study looks for the smallest or the largest value. */
export type Direction = 'minimize' | 'maximize'

/** A value on the way: of an epoch, of a fold. */
export interface Report {
  readonly step: number
  /** May be NaN or infinite. */
  readonly value: number
}

/** How a trial ended. Values are finite. */
export type Outcome =
  | { readonly state: 'complete'; readonly value: number }
  | { readonly state: 'pruned' }
  | { readonly state: 'failed'; readonly reason: string }

/** A trial as the journal tells of it: what samplers and pruners are functions of. */
export interface TrialRecord<C = unknown> {
  readonly number: number
  /** How many attempts at it came to no end before. */
  readonly attempt: number
  readonly config: C
  /** The configuration as the space's axes have it. */
  readonly point: Point
  /** In order of time, of this attempt. */
  readonly reports: readonly Report[]
  /** Not there while the trial runs. */
  readonly outcome?: Outcome
}

/** The value of a trial that is complete. */
export const finalValue = ({ outcome }: TrialRecord): number | undefined =>
  outcome?.state === 'complete' ? outcome.value : undefined

/** Orders values, better ones first; NaN is worse than all. */
export function better(direction: Direction): (a: number, b: number) => number {
  const cost = (value: number): number =>
    Number.isNaN(value) ? Number.POSITIVE_INFINITY : direction === 'minimize' ? value : -value
  return (a, b) => {
    const [x, y] = [cost(a), cost(b)]
    if (x !== y) return x < y ? -1 : 1
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  }
}

/** The best complete trial; of equal ones that of the lowest number. */
export function bestOf<T extends TrialRecord>(trials: readonly T[], direction: Direction): T | undefined {
  const order = better(direction)
  return trials.reduce<T | undefined>((best, trial) => {
    const [value, record] = [finalValue(trial), best && finalValue(best)]
    if (value === undefined) return best
    return record === undefined || order(value, record) < 0 ? trial : best
  }, undefined)
}

/**
 * Finished trials from the best to the worst: complete ones by value, then pruned ones (those that came further first, then by their last
 * value), then failed ones; where all else is equal, the lower number first.
 */
export function ranked<T extends TrialRecord>(trials: readonly T[], direction: Direction): T[] {
  const order = better(direction)
  const group = ({ outcome }: T): number => (outcome?.state === 'complete' ? 0 : outcome?.state === 'pruned' ? 1 : 2)
  const last = ({ reports }: T): Report => reports.at(-1) ?? { step: -1, value: Number.NaN }
  return trials
    .filter(({ outcome }) => outcome !== undefined)
    .sort((a, b) => {
      if (group(a) !== group(b)) return group(a) - group(b)
      const [x, y] = [finalValue(a), finalValue(b)]
      if (x !== undefined && y !== undefined) return order(x, y) || a.number - b.number
      if (group(a) === 2) return a.number - b.number
      return last(b).step - last(a).step || order(last(a).value, last(b).value) || a.number - b.number
    })
}
