import { UsageError } from '../../errors.ts'
import { note } from '../output.ts'
import type { Message } from '../training/protocol.ts'
import { bar } from './bar.ts'
import { json } from './json.ts'
import { plain } from './plain.ts'
import { severalBars } from './severalBars.ts'
import { severalPlain } from './severalPlain.ts'

/** How a training is watched while it goes on. */
export const WATCHES = ['none', 'plain', 'json', 'bar'] as const
export type Watch = (typeof WATCHES)[number]

/** Before the first training: how many there are, and how many at a time. */
export interface Planned {
  readonly type: 'plan'
  readonly jobs: number
  readonly turns: number
}

/** What is told to whoever watches. */
export type Event = Exclude<Message, { readonly type: 'error' | 'track' | 'records' | 'plan' | 'done' }> | Planned
export type EventOf<T extends Event['type']> = Extract<Event, { readonly type: T }>

/** Shows on standard error how far a training has come. */
export interface Watcher {
  /** @param thread in which it happened, where several trainings go on at a time */
  tell(event: Event, thread?: number): void
  /** A line that stays. */
  note(text: string): void
  /** Says why the training failed, where that is not left to the command line. */
  fail?(error: unknown): void
  stop(): void
}

const none: Watcher = { tell: () => {}, note, stop: () => {} }

/** @throws UsageError for a bar where there is no terminal to draw it on */
export function watcher(how: Watch): Watcher {
  if (how === 'none') return none
  if (how === 'json') return json()
  if (how === 'plain') return oneOrSeveral(plain(), severalPlain)
  if (process.stderr.isTTY) return oneOrSeveral(bar(), severalBars)
  throw new UsageError('--watch bar: standard error is no terminal: write --watch plain')
}

/** Trainings at a time are watched otherwise than one after the other. */
function oneOrSeveral(one: Watcher, several: (planned: Planned) => Watcher): Watcher {
  let current = one
  return {
    tell: (event, thread) => {
      if (event.type === 'plan' && event.jobs > 1) {
        current.stop()
        current = several(event)
      } else current.tell(event, thread)
    },
    note: (text) => current.note(text),
    stop: () => current.stop(),
  }
}
