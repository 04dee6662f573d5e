import type { Event, Told } from './events.ts'
import type { Journal } from './journal.ts'

/** A journal that ends with the process, for one process. */
export function memoryJournal(): Journal {
  let unread: Event[] = []
  const claims = new Set<string>()
  const results = new Map<number, Told>()
  return {
    worker: 'memory',
    read: () => {
      const events = unread
      unread = []
      return events
    },
    claim: (asked) => {
      const claim = `${asked.trial}-${asked.attempt}`
      if (claims.has(claim)) return false
      claims.add(claim)
      unread.push(asked)
      return true
    },
    report: (reported) => void unread.push(reported),
    release: (released) => void unread.push(released),
    settle: (told) => {
      const before = results.get(told.trial)
      if (before !== undefined) return before
      results.set(told.trial, told)
      unread.push(told)
      return told
    },
    beat: () => {},
    isLost: () => false,
  }
}
