/**
 * jax-js spreads its kernels over Web Workers where there are any, and Node has none: this gives it the few calls that it
 * makes of them, on Node's worker threads. Import it before jax-js; without it jax-js runs on one thread.
 */
import { resolveObjectURL } from 'node:buffer'
import { Worker as Thread } from 'node:worker_threads'
import { threadsAsked } from '../serve.ts'

/** What a worker's script expects to find. */
const SCOPE = `
const { parentPort } = require('node:worker_threads')
globalThis.self = globalThis
globalThis.postMessage = (message) => parentPort.postMessage(message)
parentPort.on('message', (data) => globalThis.onmessage({ data }))
`

class WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  onerror: ((error: Error) => void) | null = null
  #thread: Thread | undefined
  readonly #started: Promise<Thread>

  constructor(url: string) {
    this.#started = this.#start(url)
    this.#started.catch((error: Error) => this.onerror?.(error))
  }

  async #start(url: string): Promise<Thread> {
    const script = await resolveObjectURL(url)?.text()
    if (script === undefined) throw new Error(`there is no script at ${url}`)
    const thread = new Thread(SCOPE + script, { eval: true })
    thread.on('message', (data: unknown) => this.onmessage?.({ data }))
    thread.on('error', (error) => this.onerror?.(error))
    this.#thread = thread
    return thread
  }

  postMessage(message: unknown): void {
    if (this.#thread === undefined) this.#started.then((thread) => thread.postMessage(message))
    else this.#thread.postMessage(message)
  }
}

Object.defineProperty(globalThis, 'Worker', { value: WebWorker })
// jax-js asks it for the number of workers; Node has one since 21.
Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: threadsAsked() } })
