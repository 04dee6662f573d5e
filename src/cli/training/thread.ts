import { Worker } from 'node:worker_threads'
import { UsageError } from '../../errors.ts'
import type { Job, Message, Order, Plan } from './protocol.ts'

/** What a thread tells while it works. */
export type Told = Exclude<Message, { readonly type: 'error' | 'done' | 'plan' }>

/** A thread that trains, one order after the other. */
export interface Thread {
  /** What it plans, once it is ready; undefined where it does not plan. */
  ready(): Promise<Plan | undefined>
  /** Carries an order out. */
  order(order: Order): Promise<Done>
  close(): Promise<void>
}

/** @param tell is told what the thread tells while it works */
export function startThread(job: Job, tell: (message: Told) => void): Thread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job })
  let waiting: { readonly done: (message: Answer) => void; readonly refuse: (error: unknown) => void } | undefined
  let failure: unknown
  const fail = (error: unknown): void => {
    failure ??= error
    waiting?.refuse(failure)
    waiting = undefined
  }
  worker.on('message', (message: Message) => {
    if (message.type === 'error') {
      const { kind, message: text, stack } = message
      fail(kind === 'usage' ? new UsageError(text) : Object.assign(new Error(text), { stack: stack ?? text }))
    } else if (message.type === 'plan' || message.type === 'done') {
      waiting?.done(message)
      waiting = undefined
    } else tell(message)
  })
  worker.on('error', fail)
  // A user's code may end its thread by process.exit.
  worker.on('exit', (code) => fail(new Error(`the training thread ended with code ${code} before the training did`)))
  const answer = (): Promise<Answer> =>
    new Promise((done, refuse) => {
      waiting = { done, refuse }
      if (failure !== undefined) fail(failure)
    })
  const first = answer()
  // Whoever starts a thread may ask it later.
  first.catch(() => {})
  return {
    ready: async () => {
      const message = await first
      return message.type === 'plan' ? message.plan : undefined
    },
    order: async (order) => {
      const answered = answer()
      worker.postMessage(order)
      const message = await answered
      return message.type === 'done' ? message : { type: 'done' }
    },
    close: async () => {
      worker.removeAllListeners('exit')
      await worker.terminate()
    },
  }
}

type Answer = Extract<Message, { readonly type: 'plan' | 'done' }>
type Done = Extract<Message, { readonly type: 'done' }>
