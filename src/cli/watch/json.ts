import { UsageError } from '../../errors.ts'
import { encodeNumber } from '../../runs/index.ts'
import { note } from '../output.ts'
import { speed } from './lines.ts'
import type { Event, EventOf, Watcher } from './watcher.ts'

/** Steps, and how far loading is, are told at most this often. */
const INTERVAL_MS = 500

/** One JSON object a line on standard error, numbers that are none as texts: see the help of `assay run`. */
export function json(): Watcher {
  let start: EventOf<'start'> | undefined
  let speedOf: ReturnType<typeof speed> | undefined
  let told = Number.NEGATIVE_INFINITY
  const isDue = (): boolean => {
    if (performance.now() - told < INTERVAL_MS) return false
    told = performance.now()
    return true
  }
  return {
    tell: (event) => {
      if (event.type === 'start') {
        start = event
        speedOf = speed(event)
        told = Number.NEGATIVE_INFINITY
      }
      if ((event.type === 'step' || event.type === 'load') && !isDue()) return
      if (event.type === 'step') {
        const { step, loss, meanLoss } = event
        const { rate, eta } = speedOf?.(event) ?? {}
        write({
          ...{ event: 'step', epoch: step / (start?.stepsPerEpoch ?? 1), step, loss, meanLoss },
          ...{ samplesPerSecond: rate, secondsLeft: eta },
        })
      } else for (const object of objectsOf(event)) write(object)
    },
    note: (text) => write({ event: 'note', text }),
    fail: (error) =>
      write({
        event: 'error',
        kind: error instanceof UsageError ? 'usage' : 'failed',
        message: error instanceof Error ? error.message : String(error),
      }),
    stop: () => {},
  }
}

function objectsOf(event: Exclude<Event, { readonly type: 'step' }>): object[] {
  switch (event.type) {
    case 'load':
      return [{ event: 'load', ...event.progress }]
    case 'note':
      return [{ event: 'note', text: event.text }]
    case 'start': {
      const { id, folder, name, seed, turn, turns, epochs, stepsPerEpoch, step, samples, parameters } = event
      return [
        {
          ...{ event: 'start', run: id, folder, name, seed, turn, turns, epochs, stepsPerEpoch, step },
          ...{ samples, parameters, leftOut: event.leftOut.count },
        },
      ]
    }
    case 'epoch': {
      const { report, isBest, seconds, learningRate } = event
      const kind = 'train' in report ? 'epoch' : 'evaluation'
      return [{ event: kind, ...report, best: isBest, ...(kind === 'epoch' && { seconds, learningRate }) }]
    }
    case 'end': {
      const { id, folder, status, steps, seconds, test, report } = event.outcome
      return [{ event: 'end', run: id, folder, status, steps, seconds, test, report }]
    }
    case 'asserts':
      return event.assertions.map((assertion) => ({ event: 'assert', ...assertion }))
    case 'grid':
      return [{ event: 'grid', ...event.table }]
  }
}

const write = (object: object): void =>
  note(JSON.stringify(object, (_, value: unknown) => (typeof value === 'number' ? encodeNumber(value) : value)))
