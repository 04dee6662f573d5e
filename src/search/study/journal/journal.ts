import type { Asked, Event, Released, Reported, Told } from './events.ts'

/**
 * How far a look goes: to what this worker did; to what the others' journals tell, too; or to all, which takes longer the more trials there are, and is
 * needed only for what happened to workers that died between an event and the line about it.
 */
export type Reach = 'own' | 'journals' | 'all'

/** Where a study's events are kept. Claims and results are exclusive: of all that are tried for one trial, one is taken. */
export interface Journal {
  /** Names this writer; no other ever has the same name. */
  readonly worker: string
  /** The events that came since they were last read. Claims and results may come twice, the same each time. */
  read(reach: Reach): readonly Event[]
  /** Takes one attempt at a trial; false where another worker has it. */
  claim(asked: Asked): boolean
  report(reported: Reported): void
  /** Gives an attempt back that was taken here. */
  release(released: Released): void
  /** Ends a trial, and gives back how it has ended: `told`, or what came before it. */
  settle(told: Told): Told
  /** Tells others that this writer lives. */
  beat(): void
  /** Whether the worker that took a trial is gone. */
  isLost(asked: Asked): boolean
}
