import { UsageError } from '../../errors.ts'
import { note } from '../output.ts'
import type { Message } from '../protocol.ts'
import { bar } from './bar.ts'
import { json } from './json.ts'
import { plain } from './plain.ts'

/** How a training is watched while it goes on. */
export const WATCHES = ['none', 'plain', 'json', 'bar'] as const
export type Watch = (typeof WATCHES)[number]

/** What the training thread tells whoever watches. */
export type Event = Exclude<Message, { readonly type: 'error' | 'track' | 'records' }>
export type EventOf<T extends Event['type']> = Extract<Event, { readonly type: T }>

/** Shows on standard error how far a training has come. */
export interface Watcher {
  tell(event: Event): void
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
  if (how === 'plain') return plain()
  if (process.stderr.isTTY) return bar()
  throw new UsageError('--watch bar: standard error is no terminal: write --watch plain')
}
