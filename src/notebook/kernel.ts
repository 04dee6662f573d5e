/** The part of `Deno.jupyter` that is used here: it is there in a notebook with Deno's kernel alone. */
interface Jupyter {
  broadcast(type: string, content: unknown): unknown
}

/** Deno's kernel, where this runs in one of its notebooks. */
export function kernel(): Jupyter | undefined {
  const deno: unknown = Reflect.get(globalThis, 'Deno')
  if (typeof deno !== 'object' || deno === null || !('jupyter' in deno)) return undefined
  const { jupyter } = deno
  return isJupyter(jupyter) ? jupyter : undefined
}

const isJupyter = (value: unknown): value is Jupyter =>
  typeof value === 'object' && value !== null && 'broadcast' in value && typeof value.broadcast === 'function'

/** How long the kernel may take to send what a cell has shown. */
const SENDING_MS = 50

/**
 * Waits until what was shown has been sent. Deno's kernel (2.9) sends outputs in another thread and does not wait for it before it says
 * that the cell is done: what comes after that is lost to front ends, of pictures in every third cell.
 */
export function waitForSending(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, SENDING_MS)
}
