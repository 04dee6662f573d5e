/** The thread in which a worker trains. */
import { parentPort, workerData } from 'node:worker_threads'
import { UsageError } from '../../errors.ts'
import { setDefaultThreads } from '../../runtime/index.ts'
import '../../runtime/ort/node.ts'
import { work } from '../../search/searching/work.ts'
import { loadSearch } from './loadSearch.ts'
import type { Ending, Said, ThreadJob } from './protocol.ts'

process.setSourceMapsEnabled(true)

const job: ThreadJob = workerData
const stop = new Int32Array(job.stop)
const MB = 2 ** 20
const say = (said: Said): void => parentPort?.postMessage(said)

async function ending(): Promise<Ending> {
  try {
    setDefaultThreads(job.threads)
    const end = await work({
      ...{ folder: job.folder, workers: job.workers, load: loadSearch },
      shouldStop: () => Atomics.load(stop, 0) !== 0,
      onTrials: () => say({ kind: 'trials' }),
      isFull: () => process.memoryUsage.rss() > job.memory * MB,
    })
    return { kind: 'ended', end }
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage', message: error.message }
    return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

say(await ending())
