import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createOnce } from './createOnce.ts'
import { type Asked, type Event, encodeEvent, type Told } from './events.ts'
import { append, type Places } from './files.ts'
import { heartbeat } from './heartbeat.ts'
import type { Journal } from './journal.ts'
import { claimName, eventIn, reader, resultName } from './reader.ts'

/**
 * A journal in a folder that many processes on many machines share. Each writes a file of its own; what must happen once (taking a trial, ending
 * it) is the creation of a file that holds the event, before it goes into the journal. A process may be killed at any moment between.
 *
 * @param grace - milliseconds of silence after which a worker may be gone
 */
export function folderJournal(places: Places, grace: number): Journal {
  const worker = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  const name = `${worker}.jsonl`
  const path = join(places.journal, name)
  const all = reader(places, name)
  const life = heartbeat(places.workers, worker, grace)
  const running = new Set<number>()
  let unread: Event[] = []
  const write = (event: Event): void => {
    append(path, encodeEvent(event), event.event === 'told')
    all.knows(event)
    unread.push(event)
    life.beat()
  }
  const once = (folder: string, file: string, event: Asked | Told): boolean =>
    createOnce(join(folder, file), encodeEvent(event), places.scratch)
  const done = (trial: number): void => {
    if (running.delete(trial) && running.size === 0) life.keep(false)
  }
  return {
    worker,
    read: (reach) => {
      const events = [...unread, ...(reach === 'own' ? [] : all.read(reach))]
      unread = []
      return events
    },
    claim: (asked) => {
      life.beat()
      const file = claimName(asked.trial, asked.attempt)
      if (!once(places.claims, file, asked)) {
        // A list of names may be older than this answer, and the next number is counted from what is known.
        unread.push(eventIn(join(places.claims, file)))
        return false
      }
      running.add(asked.trial)
      life.keep(true)
      write(asked)
      return true
    },
    report: write,
    release: (released) => {
      write(released)
      done(released.trial)
    },
    settle: (told) => {
      const file = resultName(told.trial)
      const isFirst = once(places.results, file, told)
      done(told.trial)
      if (isFirst) {
        write(told)
        return told
      }
      const before = eventIn(join(places.results, file))
      if (before.event !== 'told') throw new Error(`${join(places.results, file)} holds no result`)
      unread.push(before)
      return before
    },
    beat: life.beat,
    isLost: (asked) => life.isLost(asked.worker),
  }
}
