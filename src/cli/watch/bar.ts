import { MultiBar } from 'cli-progress'
import { loading } from '../loading.ts'
import { note } from '../output.ts'
import { epochTable, tableRows } from './epochTable.ts'
import { duration, figure, speed, startLines } from './lines.ts'
import type { EventOf, Watcher } from './watcher.ts'

/** On a terminal: a bar with losses, speed and the time that is left, below the table of epochs. */
export function bar(): Watcher {
  const loads = loading()
  let run: ReturnType<typeof drawn> | undefined
  const line = (text: string): void => (run === undefined ? note(text) : run.line(text))
  const stop = (): void => {
    loads.stop()
    run?.end()
    run = undefined
  }
  return {
    tell: (event) => {
      if (event.type !== 'load') loads.stop()
      if (event.type === 'load') loads.at(event.progress)
      else if (event.type === 'note') line(event.text)
      else if (event.type === 'start') {
        for (const text of startLines(event)) note(text)
        run = drawn(event)
      } else if (event.type === 'step') run?.step(event)
      else if (event.type === 'epoch') run?.epoch(event)
      else if (event.type === 'end') stop()
    },
    note: line,
    stop,
  }
}

/** What a terminal is taken for that does not say how wide it is. */
const USUAL_WIDTH = 80

const width = (): number => process.stderr.columns || USUAL_WIDTH

function drawn(start: EventOf<'start'>) {
  const { epochs, stepsPerEpoch } = start
  const steps = epochs * stepsPerEpoch
  const speedOf = speed(start)
  let at: Shown['at']
  let validation: number | undefined
  const bars = new MultiBar({
    // One character less than there are: some terminals go to the next line after the last.
    format: (_, { value, total }) => barLine({ epochs, share: value / total, at, validation }, width() - 1),
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
    stream: process.stderr,
  })
  const line = (text: string): void => bars.log(`${text}\n`)
  const rows = tableRows(epochTable(start, width()), line)
  const drawnBar = bars.create(steps, start.step)
  return {
    step: (event: EventOf<'step'>): void => {
      at = { ...event, ...speedOf(event) }
      drawnBar.update(event.step)
    },
    epoch: (event: EventOf<'epoch'>): void => {
      validation = event.report.validation?.loss ?? validation
      rows.add(event)
    },
    line,
    end: (): void => {
      rows.end()
      // What was logged since the last redraw is written by it.
      bars.update()
      bars.stop()
    },
  }
}

interface Shown {
  readonly epochs: number
  /** Of all steps, how much is done. */
  readonly share: number
  readonly at: (Pick<EventOf<'step'>, 'epoch' | 'meanLoss'> & ReturnType<ReturnType<typeof speed>>) | undefined
  /** The last loss on the validation split. */
  readonly validation: number | undefined
}

const LONGEST_BAR = 24
const SHORTEST_BAR = 6

/** The line of the bar. What does not fit is left out: first the speed, last the losses. */
export function barLine({ epochs, share, at, validation }: Shown, room: number): string {
  const place = `epoch ${Math.min(epochs, (at?.epoch ?? 0) + 1)}/${epochs} `
  const { rate = Number.NaN, eta = Number.NaN } = at ?? {}
  const known = (value: number, text: string): string[] => (Number.isFinite(value) ? [text] : [])
  const parts = [
    { rank: 0, texts: [`${Math.floor(share * 100)} %`] },
    { rank: 1, texts: at === undefined ? [] : [`loss ${figure(at.meanLoss)}`] },
    { rank: 2, texts: validation === undefined ? [] : [`val ${figure(validation)}`] },
    { rank: 4, texts: known(rate, `${Math.round(rate).toLocaleString('en')} samples/s`) },
    { rank: 3, texts: known(eta, `ETA ${duration(eta)}`) },
  ]
  for (let most = 4; ; most--) {
    const text = parts.flatMap(({ rank, texts }) => (rank <= most ? texts : [])).join(' · ')
    const left = room - place.length - text.length - 1
    if (left < SHORTEST_BAR && most > 0) continue
    const length = Math.max(0, Math.min(LONGEST_BAR, left))
    const full = Math.round(share * length)
    return `${place}${'█'.repeat(full)}${'░'.repeat(length - full)} ${text}`
  }
}
