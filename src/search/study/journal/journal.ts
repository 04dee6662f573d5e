import type { Asked, Event, Reported, Told } from './events.ts'

/** Where a study's events are kept. Claims and results are exclusive: of all that are tried for one trial, one is taken. */
export interface Journal {
  /** Names this writer; no other ever has the same name. */
  readonly worker: string
  /** The events that came since the last call, one's own included. Claims and results may come twice, the same each time. */
  read(): readonly Event[]
  /** Takes one attempt at a trial; false where another worker has it. */
  claim(asked: Asked): boolean
  report(reported: Reported): void
  /** Ends a trial, and gives back how it has ended: `told`, or what came before it. */
  settle(told: Told): Told
  /** Whether the worker that took a trial is gone. */
  isLost(asked: Asked): boolean
}
