import type { Space } from '../space/index.ts'
import type { Report, TrialRecord } from '../trial.ts'
import type { Asked, Event, Told } from './journal/events.ts'

/** A trial as its study tells of it. */
export interface StudyTrial<C> extends TrialRecord<C> {
  readonly config: C
  /** The worker that has it, or that ended it. */
  readonly worker: string
  /** When it was taken, in milliseconds since 1970 by the worker's clock. */
  readonly began: number
  /** When it ended; not there while it runs. */
  readonly ended?: number
}

interface Entry {
  readonly asked: Map<number, Asked>
  readonly reports: Map<number, Report[]>
  told?: Told
}

/** All that is known of a study's trials: a function of the set of its events, whatever order they came in. */
export interface Ledger<C> {
  apply(events: readonly Event[]): void
  /** By number. */
  trials(): readonly StudyTrial<C>[]
  /** The claims that are not followed by a result: of each trial the last. */
  running(): readonly Asked[]
  /** The number that no trial has. */
  nextNumber(): number
}

/**
 * The attempt that counts is the one that ended the trial, and while none did, the last one that began; configuration and reports are those of this
 * attempt. Reports of one attempt come from one worker's file, in its order; nothing else depends on the order of events.
 */
export function ledger<C>(space: Space<C>): Ledger<C> {
  const entries = new Map<number, Entry>()
  let next = 0
  let made: readonly StudyTrial<C>[] | undefined
  const records = new Map<number, StudyTrial<C>>()
  const entryOf = (trial: number): Entry => {
    const entry = entries.get(trial) ?? { asked: new Map(), reports: new Map() }
    entries.set(trial, entry)
    return entry
  }
  const apply = (event: Event): void => {
    const entry = entryOf(event.trial)
    made = undefined
    next = Math.max(next, event.trial + 1)
    records.delete(event.trial)
    if (event.event === 'asked') entry.asked.set(event.attempt, event)
    else if (event.event === 'told') entry.told = event
    else {
      const { step, value, attempt } = event
      entry.reports.set(attempt, [...(entry.reports.get(attempt) ?? []), { step, value }])
    }
  }
  const record = (entry: Entry): StudyTrial<C> | undefined => {
    const { told } = entry
    const asked = entry.asked.get(told?.attempt ?? Math.max(...entry.asked.keys()))
    if (asked === undefined) return undefined
    const point = space.point(asked.config)
    return {
      ...{ number: asked.trial, attempt: asked.attempt, config: space.configuration(point), point },
      ...{ worker: asked.worker, began: asked.time, reports: entry.reports.get(asked.attempt) ?? [] },
      ...(told && { outcome: told.outcome, ended: told.time }),
    }
  }
  return {
    apply: (events) => events.forEach(apply),
    trials: () => {
      made ??= [...entries.keys()]
        .sort((a, b) => a - b)
        .flatMap((number) => {
          const one = records.get(number) ?? record(entryOf(number))
          if (one !== undefined) records.set(number, one)
          return one ?? []
        })
      return made
    },
    running: () =>
      [...entries.values()].flatMap(({ asked, told }) => {
        const last = told === undefined ? asked.get(Math.max(...asked.keys())) : undefined
        return last ?? []
      }),
    nextNumber: () => next,
  }
}
