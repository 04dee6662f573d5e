import { loading } from '../loading.ts'
import { note } from '../output.ts'
import { taskBar } from '../taskBar.ts'
import { epochText, runName, startLines } from './lines.ts'
import type { EventOf, Planned, Watcher } from './watcher.ts'

/** Seconds between two lines about one training. */
const LINE_INTERVAL = 10

/** Lines alone, for several trainings at a time: each begins with what it is about. */
export function severalPlain({ jobs, turns }: Planned): Watcher {
  const loads = loading(taskBar(false))
  const runs = new Map<number, { readonly start: EventOf<'start'>; told: number }>()
  note(`${turns} trainings, ${jobs} at a time`)
  return {
    tell: (event, thread = 0) => {
      if (event.type !== 'load') loads.stop()
      if (event.type === 'load') loads.at(event.progress)
      else if (event.type === 'note') note(event.text)
      else if (event.type === 'start') {
        runs.set(thread, { start: event, told: performance.now() })
        for (const line of startLines(event)) note(line)
      } else if (event.type === 'epoch') {
        const run = runs.get(thread)
        if (run === undefined || performance.now() - run.told < LINE_INTERVAL * 1000) return
        run.told = performance.now()
        note(`${runName(run.start)}: ${epochText(run.start, event)}`)
      }
    },
    note,
    stop: () => loads.stop(),
  }
}
