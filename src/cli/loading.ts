import type { LoadProgress } from '../data/index.ts'
import { note } from './output.ts'
import { type TaskBar, taskBar } from './taskBar.ts'

/** How the loading of data is shown. */
export interface Loading {
  at(progress: LoadProgress): void
  stop(): void
}

/** Seconds between two lines where there is no terminal. */
const LINE_INTERVAL = 10

/** A bar on a terminal as soon as there is something to tell, a plain line now and then elsewhere. */
export function loading(): Loading {
  let bar: TaskBar | undefined
  let told = performance.now()
  return {
    at: (progress) => {
      const { done, total = Number.POSITIVE_INFINITY } = progress
      if (process.stderr.isTTY) {
        bar ??= taskBar()
        bar.at(loadingText(progress), done / total)
      } else if (performance.now() - told > LINE_INTERVAL * 1000) {
        told = performance.now()
        note(loadingText(progress))
      }
    },
    stop: () => {
      bar?.stop()
      bar = undefined
    },
  }
}

/** `decoding pets: 1,200 of 7,000 files`. */
export function loadingText({ what, unit, done, total }: LoadProgress): string {
  const [shown, name] =
    unit === 'bytes'
      ? [(n: number) => (n / 1e6).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }), 'MB']
      : [(n: number) => n.toLocaleString('en'), unit]
  return `${what}: ${shown(done)}${total === undefined ? '' : ` of ${shown(total)}`} ${name}`
}
