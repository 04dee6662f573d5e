import { SingleBar } from 'cli-progress'

/** A bar for work whose share is known. */
export interface TaskBar {
  /** @param share done, 0 to 1 */
  at(what: string, share: number): void
  stop(): void
}

const STEPS = 100

/** On a terminal a bar on standard error, elsewhere nothing: what is over in seconds needs no lines in a log. */
export function taskBar(): TaskBar {
  if (!process.stderr.isTTY) return { at: () => {}, stop: () => {} }
  const bar = new SingleBar({
    format: '{bar} {percentage} % · {what} · {duration_formatted}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    stream: process.stderr,
  })
  bar.start(STEPS, 0, { what: 'loading' })
  return {
    at: (what, share) => bar.update(Math.round(Math.min(1, share) * STEPS), { what }),
    stop: () => bar.stop(),
  }
}
