import { MultiBar, type SingleBar } from 'cli-progress'
import { loading } from '../loading.ts'
import { note } from '../output.ts'
import { duration, figure, runName } from './lines.ts'
import type { EventOf, Planned, Watcher } from './watcher.ts'

/** What a terminal is taken for that does not say how wide it is. */
const USUAL_WIDTH = 80
const BAR = 16

/** On a terminal, several trainings at a time: a bar for each, and one for all. */
export function severalBars({ turns }: Planned): Watcher {
  const loads = loading()
  const bars = new MultiBar({
    format: (_, { value, total }, payload: Payload) => line(value / total, payload.text),
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
    stream: process.stderr,
  })
  const began = performance.now()
  const runs = new Map<number, Running>()
  let [isDrawn, ended] = [false, 0]
  const all = bars.create(turns, 0, { text: '' })
  const update = (): void => {
    const inside = [...runs.values()].reduce((sum, { share }) => sum + share, 0)
    const share = (ended + inside) / turns
    const left = ((performance.now() - began) / 1000) * ((1 - share) / share)
    all.update(ended + inside, {
      text: `${ended} of ${turns} trained${Number.isFinite(left) ? ` · about ${duration(left)} left` : ''}`,
    })
  }
  const show = (running: Running): void => {
    running.bar.update(running.share, { text: runText(running) })
    update()
  }
  return {
    tell: (event, thread = 0) => {
      if (event.type !== 'load') loads.stop()
      const running = runs.get(thread)
      if (event.type === 'load') {
        if (!isDrawn) loads.at(event.progress)
      } else if (event.type === 'note') bars.log(`${event.text}\n`)
      else if (event.type === 'start') {
        isDrawn = true
        const share = event.step / (event.epochs * event.stepsPerEpoch)
        const bar = running?.bar ?? bars.create(1, share, { text: '' })
        const next = { bar, start: event, share }
        runs.set(thread, next)
        show(next)
      } else if (running === undefined) return
      else if (event.type === 'step') {
        const { epochs, stepsPerEpoch } = running.start
        running.share = event.step / (epochs * stepsPerEpoch)
        running.loss = event.meanLoss
        show(running)
      } else if (event.type === 'epoch') {
        running.validation = event.report.validation?.loss ?? running.validation
        show(running)
      } else if (event.type === 'end') {
        ended += 1
        running.share = 0
        update()
      }
    },
    note: (text) => (isDrawn ? bars.log(`${text}\n`) : note(text)),
    stop: () => {
      loads.stop()
      if (!isDrawn) return
      isDrawn = false
      // What was logged since the last redraw is written by it.
      bars.update()
      bars.stop()
    },
  }
}

interface Payload {
  readonly text: string
}

interface Running {
  readonly bar: SingleBar
  readonly start: EventOf<'start'>
  /** Of all its steps, how much is done. */
  share: number
  loss?: number
  validation?: number | undefined
}

function runText({ start, share, loss, validation }: Running): string {
  const epoch = Math.min(start.epochs, Math.floor(share * start.epochs) + 1)
  return [
    `${runName(start)}, epoch ${epoch}/${start.epochs}`,
    ...(loss === undefined ? [] : [`loss ${figure(loss)}`]),
    ...(validation === undefined ? [] : [`val ${figure(validation)}`]),
  ].join(' · ')
}

/** One character less than there are: some terminals go to the next line after the last. */
function line(share: number, text: string): string {
  const full = Math.round(Math.min(1, share) * BAR)
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent}  ${text}`.slice(
    0,
    (process.stderr.columns || USUAL_WIDTH) - 1,
  )
}
