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
  /** Attempts that their workers gave back. */
  readonly released: Set<number>
  readonly reports: Map<number, Report[]>
  told?: Told
}

/** A claim that is not followed by a result: of its trial the last. */
export interface Claim {
  readonly asked: Asked
  /** Whether its worker has given it back. */
  readonly isReleased: boolean
  /** How many attempts at the trial, this one included, were not given back. */
  readonly kept: number
}

/** All that is known of a study's trials: a function of the set of its events, whatever order they came in. */
export interface Ledger<C> {
  apply(events: readonly Event[]): void
  /** By number. */
  trials(): readonly StudyTrial<C>[]
  /** By number of the trial. */
  running(): readonly Claim[]
  /** The number that no trial has. */
  nextNumber(): number
}

/**
 * The attempt that counts is the one that ended the trial, and while none did, the last one that began; configuration and reports are those of this
 * attempt. Reports of one attempt come from one worker's file, in its order; nothing else depends on the order of events.
 */
export function ledger<C>(space: Space<C>): Ledger<C> {
  const entries = new Map<number, Entry>()
  const open = new Set<number>()
  /** By number; with a hole where an event came before the claim that it follows. */
  const records: (StudyTrial<C> | undefined)[] = []
  const changed = new Set<number>()
  let made: readonly StudyTrial<C>[] = []
  let next = 0
  const entryOf = (trial: number): Entry => {
    const entry = entries.get(trial) ?? { asked: new Map(), released: new Set(), reports: new Map() }
    entries.set(trial, entry)
    return entry
  }
  const apply = (event: Event): void => {
    const { trial, attempt } = event
    const entry = entryOf(trial)
    changed.add(trial)
    next = Math.max(next, trial + 1)
    if (event.event === 'asked') entry.asked.set(attempt, event)
    else if (event.event === 'told') entry.told = event
    else if (event.event === 'released') entry.released.add(attempt)
    else {
      const reports = entry.reports.get(attempt) ?? []
      reports.push({ step: event.step, value: event.value })
      entry.reports.set(attempt, reports)
    }
    if (entry.told === undefined) open.add(trial)
    else open.delete(trial)
  }
  const record = ({ asked: claims, reports, told }: Entry): StudyTrial<C> | undefined => {
    const asked = told === undefined ? lastOf(claims) : claims.get(told.attempt)
    if (asked === undefined) return undefined
    const point = space.point(asked.config)
    return {
      ...{ number: asked.trial, attempt: asked.attempt, config: space.configuration(point), point },
      ...{ worker: asked.worker, began: asked.time, reports: [...(reports.get(asked.attempt) ?? [])] },
      ...(told && { outcome: told.outcome, ended: told.time }),
    }
  }
  return {
    apply: (events) => events.forEach(apply),
    trials: () => {
      if (changed.size === 0) return made
      for (const number of changed) records[number] = record(entryOf(number))
      changed.clear()
      made = records.filter((one) => one !== undefined)
      return made
    },
    running: () => [...open].sort((a, b) => a - b).flatMap((number) => claimOf(entryOf(number)) ?? []),
    nextNumber: () => next,
  }
}

function claimOf({ asked: claims, released }: Entry): Claim | undefined {
  const asked = lastOf(claims)
  if (asked === undefined) return undefined
  const kept = [...claims.keys()].filter((attempt) => !released.has(attempt)).length
  return { asked, isReleased: released.has(asked.attempt), kept }
}

const lastOf = (claims: ReadonlyMap<number, Asked>): Asked | undefined => claims.get(Math.max(...claims.keys()))
