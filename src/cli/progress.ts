import { MultiBar } from 'cli-progress'
import { note } from './output.ts'

/** What the progress of one run is told. */
export interface Progress {
  step(at: { readonly epoch: number; readonly step: number; readonly loss: number; readonly samples: number }): void
  /** The line of a finished epoch; of very short epochs only some are shown. */
  epoch(text: string, epoch: number): void
  /** A line that stays, above the bar. */
  line(text: string): void
  stop(): void
}

interface Plan {
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** Steps taken before. */
  readonly step: number
  /** Samples of one epoch. */
  readonly samples: number
}

/** Lines of epochs come at most this often, apart from the last. */
const EPOCH_INTERVAL_MS = 250

function thinned(line: (text: string) => void, epochs: number): Progress['epoch'] {
  let told = Number.NEGATIVE_INFINITY
  return (text, epoch) => {
    if (epoch < epochs && performance.now() - told < EPOCH_INTERVAL_MS) return
    told = performance.now()
    line(text)
  }
}

/** Seconds between two lines where there is no terminal. */
const LINE_INTERVAL = 10

/** A bar with rate and ETA on a terminal, a plain line now and then elsewhere. All on standard error. */
export function progress(plan: Plan): Progress {
  return process.stderr.isTTY ? bar(plan) : lines(plan)
}

function rates({ epochs, samples, step, stepsPerEpoch }: Plan) {
  const began = performance.now()
  const left = samples * (epochs - step / stepsPerEpoch)
  return (done: number): { rate: number; eta: number } => {
    const rate = done / ((performance.now() - began) / 1000)
    return { rate, eta: Math.max(0, left - done) / rate }
  }
}

const count = (value: number): string => Math.round(value).toLocaleString('en')

function bar(plan: Plan): Progress {
  const { epochs, stepsPerEpoch } = plan
  const rateOf = rates(plan)
  const bars = new MultiBar({
    format: 'epoch {epoch}/{epochs} {bar} {value}/{total} steps · loss {loss} · {rate} samples/s · ETA {left}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
    stream: process.stderr,
  })
  const drawn = bars.create(epochs * stepsPerEpoch, plan.step, { epoch: 1, epochs, loss: '–', rate: '–', left: '–' })
  const line = (text: string): void => bars.log(`${text}\n`)
  return {
    step: ({ epoch, step, loss, samples }) => {
      const { rate, eta } = rateOf(samples)
      drawn.update(step, {
        epoch: epoch + 1,
        loss: loss.toPrecision(4),
        rate: count(rate),
        left: `${Math.ceil(eta)} s`,
      })
    },
    epoch: thinned(line, epochs),
    line,
    stop: () => {
      // What was logged since the last redraw is written by it.
      bars.update()
      bars.stop()
    },
  }
}

function lines(plan: Plan): Progress {
  const rateOf = rates(plan)
  let told = performance.now()
  return {
    step: ({ epoch, step, loss, samples }) => {
      if (performance.now() - told < LINE_INTERVAL * 1000) return
      told = performance.now()
      const { rate, eta } = rateOf(samples)
      const total = plan.epochs * plan.stepsPerEpoch
      note(
        `epoch ${epoch + 1}/${plan.epochs}, step ${step}/${total}: loss ${loss.toPrecision(4)}, ${count(rate)} samples/s, ETA ${Math.ceil(eta)} s`,
      )
    },
    epoch: thinned(note, plan.epochs),
    line: note,
    stop: () => {},
  }
}
