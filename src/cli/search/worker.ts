import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { UsageError } from '../../errors.ts'
import { WORKER_EXIT } from '../../search/executors/executor.ts'
import { SIGNALS } from '../interrupts.ts'
import { fail, note } from '../output.ts'
import type { Ending, Said, ThreadJob } from './protocol.ts'

/** Milliseconds that a worker has to stop in when nobody waits for it any more. */
const PATIENCE = 30_000

/**
 * One worker on a study, as executors start it. Its work is in a thread of its own: training blocks the one it is in, and this one hears
 * signals, and that the process which has started it is gone.
 */
export async function runWorker(
  folder: string,
  options: { readonly threads: number; readonly workers: number; readonly memory: number },
): Promise<void> {
  const stop = new SharedArrayBuffer(4)
  const job: ThreadJob = { ...options, folder: resolve(folder), stop }
  const thread = new Worker(new URL('./workerThread.js', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: options.memory },
  })
  const flag = new Int32Array(stop)
  let isTold = false
  for (const signal of SIGNALS)
    process.on(signal, () => {
      Atomics.store(flag, 0, 1)
      // A terminal tells all of its processes, and the one that has started this one tells it again: that is asked once.
      if (signal !== 'SIGTERM') return
      if (isTold) process.kill(process.pid, 'SIGKILL')
      isTold = true
    })
  process.on('disconnect', () => {
    Atomics.store(flag, 0, 1)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE).unref()
  })
  const ending = await new Promise<Ending>((done) => {
    thread.on('message', (said: Said) => {
      if (said.kind !== 'trials') done(said)
      else if (process.connected) process.send?.('trials')
    })
    thread.on('error', (error) => done({ kind: 'failed', message: error.stack ?? error.message }))
    thread.on('exit', (code) => done({ kind: 'failed', message: `the worker’s thread ended with code ${code}` }))
  })
  await thread.terminate()
  // The channel would keep the process.
  if (process.connected) process.disconnect()
  if (ending.kind === 'usage') fail(new UsageError(ending.message))
  if (ending.kind === 'failed') note(ending.message)
  process.exit(ending.kind === 'failed' ? 1 : WORKER_EXIT[ending.end])
}
