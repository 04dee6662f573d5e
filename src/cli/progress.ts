import { SingleBar } from 'cli-progress'
import { note } from './output.ts'

/** What the progress of one run is told. */
export interface Progress {
  step(at: { readonly epoch: number; readonly step: number; readonly loss: number; readonly samples: number }): void
  /** A line that stays, above the bar. */
  line(text: string): void
  stop(): void
}

interface Plan {
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** Samples of one epoch. */
  readonly samples: number
}

/** Seconds between two lines where there is no terminal. */
const LINE_INTERVAL = 10

/** A bar with rate and ETA on a terminal, a plain line now and then elsewhere. All on standard error. */
export function progress(plan: Plan): Progress {
  return process.stderr.isTTY ? bar(plan) : lines(plan)
}

function rates({ epochs, samples }: Plan) {
  const began = performance.now()
  return (done: number): { rate: number; eta: number } => {
    const rate = done / ((performance.now() - began) / 1000)
    return { rate, eta: (epochs * samples - done) / rate }
  }
}

const count = (value: number): string => Math.round(value).toLocaleString('en')

function bar(plan: Plan): Progress {
  const { epochs, stepsPerEpoch } = plan
  const rateOf = rates(plan)
  const drawn = new SingleBar({
    format: 'epoch {epoch}/{epochs} {bar} {value}/{total} steps · loss {loss} · {rate} samples/s · ETA {left}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    stream: process.stderr,
  })
  const total = epochs * stepsPerEpoch
  drawn.start(total, 0, { epoch: 1, epochs, loss: '–', rate: '–', left: '–' })
  return {
    step: ({ epoch, step, loss, samples }) => {
      const { rate, eta } = rateOf(samples)
      drawn.update(step, { epoch: epoch + 1, loss: loss.toFixed(4), rate: count(rate), left: `${Math.ceil(eta)} s` })
    },
    line: (text) => {
      process.stderr.write('\r\x1b[2K')
      note(text)
      drawn.render()
    },
    stop: () => drawn.stop(),
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
        `epoch ${epoch + 1}/${plan.epochs}, step ${step}/${total}: loss ${loss.toFixed(4)}, ${count(rate)} samples/s, ETA ${Math.ceil(eta)} s`,
      )
    },
    line: note,
    stop: () => {},
  }
}
