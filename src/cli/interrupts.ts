import { note } from './output.ts'

/** Exit code of a command that a signal ended, as shells have it. */
export const INTERRUPTED = 130

/** Signals that end a session or a terminal; each ends the work in good order. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

class Interrupted extends Error {}

/**
 * Does work that a signal ends in good order: at its next `check` it throws, so that what it has begun is cleared away. A second
 * signal ends the process at once.
 *
 * @returns whether the work came to its end; if not, the exit code is set
 */
export async function interruptible(work: (check: () => void) => Promise<void>): Promise<boolean> {
  let isAsked = false
  const onSignal = (): void => {
    if (isAsked) process.kill(process.pid, 'SIGKILL')
    isAsked = true
    note('stopping (once more: at once)')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    await work(() => {
      if (isAsked) throw new Interrupted()
    })
    return true
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    process.exitCode = INTERRUPTED
    return false
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
