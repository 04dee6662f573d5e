import { loading } from '../loading.ts'
import { note } from '../output.ts'
import { taskBar } from '../taskBar.ts'
import { epochTable, tableRows } from './epochTable.ts'
import { duration, figure, speed, startLines } from './lines.ts'
import type { EventOf, Watcher } from './watcher.ts'

/** Seconds between two lines inside an epoch. */
const LINE_INTERVAL = 10

/** Lines alone, for logs: the table of epochs, and how far a long epoch has come. */
export function plain(): Watcher {
  const loads = loading(taskBar(false))
  let run: ReturnType<typeof lines> | undefined
  const stop = (): void => {
    loads.stop()
    run?.end()
    run = undefined
  }
  return {
    tell: (event) => {
      if (event.type !== 'load') loads.stop()
      if (event.type === 'load') loads.at(event.progress)
      else if (event.type === 'note') note(event.text)
      else if (event.type === 'start') run = lines(event)
      else if (event.type === 'step') run?.step(event)
      else if (event.type === 'epoch') run?.epoch(event)
      else if (event.type === 'end') stop()
    },
    note,
    stop,
  }
}

function lines(start: EventOf<'start'>) {
  for (const line of startLines(start)) note(line)
  const { epochs, stepsPerEpoch } = start
  const rows = tableRows(epochTable(start, Number.POSITIVE_INFINITY), note)
  const speedOf = speed(start)
  let told = performance.now()
  return {
    step: (event: EventOf<'step'>): void => {
      if (performance.now() - told < LINE_INTERVAL * 1000) return
      told = performance.now()
      const { rate, eta } = speedOf(event)
      note(
        `epoch ${event.epoch + 1}/${epochs}, step ${event.step}/${epochs * stepsPerEpoch}: loss ${figure(event.meanLoss)}, ` +
          `${Math.round(rate).toLocaleString('en')} samples/s, ETA ${duration(eta)}`,
      )
    },
    epoch: rows.add,
    end: rows.end,
  }
}
