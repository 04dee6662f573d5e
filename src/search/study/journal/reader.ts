import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Event, parseEvent } from './events.ts'
import { namesIn, type Places, wholeLines } from './files.ts'
import type { Reach } from './journal.ts'

/** Reads what all workers have written, each event once or, of claims and results, twice. */
export interface Reader {
  read(reach: Exclude<Reach, 'own'>): readonly Event[]
  /** To be told of what is written by this process, which is not read again. */
  knows(event: Event): void
}

/**
 * Journals are read from where the last call ended, in the order of their names. What a journal does not tell of (its worker died on the way to
 * it, or the file system shows it later) is read from the claims and results, which are there first.
 *
 * @param own - the name of a journal that is not read
 */
export function reader(places: Places, own?: string): Reader {
  const ends = new Map<string, number>()
  const lines = new Map<string, number>()
  const known = new Set<string>()
  const knows = (event: Event): void => {
    if (event.event === 'asked' || event.event === 'told') known.add(placeOf(event))
  }
  const fromJournals = (): Event[] =>
    namesIn(places.journal).flatMap((name) => {
      if (name === own) return []
      const from = ends.get(name) ?? 0
      const bytes = wholeLines(join(places.journal, name), from)
      ends.set(name, from + bytes.length)
      const before = lines.get(name) ?? 0
      const texts = bytes.toString('utf8').split('\n').slice(0, -1)
      lines.set(name, before + texts.length)
      return texts.map((text, i) => parseEvent(text, `line ${before + i + 1} of ${join(places.journal, name)}`))
    })
  const fromFiles = (folder: string, kind: Event['event']): Event[] =>
    namesIn(folder).flatMap((name) => {
      if (known.has(`${kind}/${name}`)) return []
      return [eventIn(join(folder, name))]
    })
  return {
    knows,
    read: (reach) => {
      const events = fromJournals()
      for (const event of events) knows(event)
      if (reach === 'journals') return events
      const more = [...fromFiles(places.claims, 'asked'), ...fromFiles(places.results, 'told')]
      for (const event of more) knows(event)
      return [...events, ...more]
    },
  }
}

/** The event that a claim or a result consists of. */
export const eventIn = (path: string): Event => parseEvent(readFileSync(path, 'utf8').trimEnd(), path)

const padded = (trial: number): string => String(trial).padStart(6, '0')
/** The name of an attempt's file. */
export const claimName = (trial: number, attempt: number): string => `${padded(trial)}-${attempt}`
/** The name of a result's file. */
export const resultName = (trial: number): string => padded(trial)
const placeOf = (event: Event): string =>
  event.event === 'asked'
    ? `asked/${claimName(event.trial, event.attempt)}`
    : `${event.event}/${resultName(event.trial)}`
