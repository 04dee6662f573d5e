/** What a value shows in a cell of a notebook, by MIME type: a front end takes the richest that it knows. */
export type MimeBundle = { readonly 'text/plain': string } & Readonly<Record<string, unknown>>

/** The method that Deno's kernel asks for. https://docs.deno.com/runtime/reference/cli/jupyter/ */
export const DISPLAY = Symbol.for('Jupyter.display')

let load: (() => Promise<unknown>) | undefined

/**
 * Says where the drawing of results is: it is loaded when the first is to be shown, as results are made in rooms that know nothing of
 * pictures and pages.
 */
export function drawWith(loading: () => Promise<unknown>): void {
  load = loading
}

/**
 * One kind of results, as the fits of an experiment. Results that are marked by it show themselves in a notebook, by what a higher room
 * has said that they show; where nothing has been said, as the kernel shows any value.
 */
export class ResultKind<T extends object> {
  #show: ((value: T) => Promise<MimeBundle>) | undefined

  /** Says what results of this kind show. */
  show(show: (value: T) => Promise<MimeBundle>): void {
    this.#show = show
  }

  /** The value itself, which shows itself from now on. Nothing else of it changes, and copies of it do not. */
  mark<V extends T>(value: V): V {
    return Object.defineProperty(value, DISPLAY, { value: () => this.#bundle(value), configurable: true })
  }

  async #bundle(value: T): Promise<MimeBundle> {
    await load?.()
    return (await this.#show?.(value)) ?? { 'text/plain': inspected(value) }
  }
}

/** As Deno and Node write a value. */
function inspected(value: object): string {
  const deno: unknown = Reflect.get(globalThis, 'Deno')
  if (typeof deno === 'object' && deno !== null && 'inspect' in deno && typeof deno.inspect === 'function')
    return String(deno.inspect(value))
  return JSON.stringify(value) ?? String(value)
}
