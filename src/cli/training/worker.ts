/**
 * A training thread of `assay run`. ONNX Runtime blocks the thread that it computes on, so the one that draws the
 * progress bar and hears Ctrl-C is another.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { UsageError } from '../../errors.ts'
import '../../runtime/ort/node.ts'
import { RunError } from '../../runs/index.ts'
import { DivergedError } from '../../train/index.ts'
import { newRuns } from './newRuns.ts'
import type { Job, Message, Order } from './protocol.ts'
import { resumedRun } from './resumedRun.ts'
import { stackOf, type Work } from './work.ts'

const post = (message: Message): void => parentPort?.postMessage(message)

// Line numbers of a user's file, not of what its types were taken out of.
process.setSourceMapsEnabled(true)

/** Tells what came of it, be it a failure. */
async function telling(act: () => Promise<Message>): Promise<void> {
  try {
    post(await act())
  } catch (error) {
    const isTold = [UsageError, DivergedError, RunError].some((told) => error instanceof told)
    post({
      type: 'error',
      kind: error instanceof UsageError ? 'usage' : 'failed',
      message: error instanceof Error ? error.message : String(error),
      ...(!isTold && error instanceof Error && { stack: stackOf(error) }),
    })
  }
}

async function obey(work: Work, order: Order): Promise<Message> {
  if (order.type === 'train') {
    const result = await work.train(order)
    return { type: 'done', ...(result && { result }) }
  }
  return { type: 'done', cells: await work.conclude(order.results) }
}

const job: Job = workerData
const around = { stop: new Int32Array(job.stop), post }
await telling(async () => {
  const work = await ('resume' in job ? resumedRun(job, around) : newRuns(job, around))
  parentPort?.on('message', (order: Order) => telling(() => obey(work, order)))
  if (!job.plans) return { type: 'done' }
  return { type: 'plan', plan: (await work.plan()) ?? { turns: [], known: [] } }
})
