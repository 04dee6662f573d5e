import { UsageError } from '../../errors.ts'
import { encodeNumber } from '../../runs/index.ts'
import { note } from '../output.ts'
import { speed } from './lines.ts'
import type { Event, EventOf, Watcher } from './watcher.ts'

/** Steps, and how far loading is, are told at most this often. */
const INTERVAL_MS = 500

/** One JSON object a line on standard error, numbers that are none as texts: see the help of `assay run`. */
export function json(): Watcher {
  /** Of each thread, what it is training. */
  const runs = new Map<number, Watched>()
  const loads = every()
  return {
    tell: (event, thread = 0) => {
      if (event.type === 'start') runs.set(thread, { start: event, speedOf: speed(event), isDue: every() })
      if (event.type === 'load' && !loads()) return
      const run = runs.get(thread)
      if (event.type !== 'step') for (const object of objectsOf(event, run?.start)) write(object)
      else if (run?.isDue() === true) {
        const { step, loss, meanLoss } = event
        const { rate, eta } = run.speedOf(event)
        write({
          ...{ event: 'step', run: run.start.id, epoch: step / run.start.stepsPerEpoch, step, loss, meanLoss },
          ...{ samplesPerSecond: rate, secondsLeft: eta },
        })
      }
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

interface Watched {
  readonly start: EventOf<'start'>
  readonly speedOf: ReturnType<typeof speed>
  readonly isDue: () => boolean
}

/** True at most once in the interval. */
function every(): () => boolean {
  let told = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - told < INTERVAL_MS) return false
    told = performance.now()
    return true
  }
}

function objectsOf(event: Exclude<Event, { readonly type: 'step' }>, start: EventOf<'start'> | undefined): object[] {
  switch (event.type) {
    case 'load':
      return [{ event: 'load', ...event.progress }]
    case 'plan':
      return event.turns > 1 ? [{ event: 'plan', trainings: event.turns, jobs: event.jobs }] : []
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
      return [
        { event: kind, run: start?.id, ...report, best: isBest, ...(kind === 'epoch' && { seconds, learningRate }) },
      ]
    }
    case 'end': {
      const { id, folder, status, steps, seconds, test, report } = event.outcome
      return [{ event: 'end', run: id, folder, status, steps, seconds, test, report }]
    }
    case 'asserts':
      return event.assertions.map((assertion) => ({ event: 'assert', ...assertion }))
    case 'grid':
      return [{ event: event.table.axes.length > 0 ? 'grid' : 'seeds', ...event.table, report: event.report }]
  }
}

const write = (object: object): void =>
  note(JSON.stringify(object, (_, value: unknown) => (typeof value === 'number' ? encodeNumber(value) : value)))
