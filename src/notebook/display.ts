import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { DISPLAY, type MimeBundle } from '../display.ts'
import { kernel, waitForSending } from './kernel.ts'

/** Whether a value shows itself: a figure, a run, a comparison, … */
const isShown = (value: unknown): value is { readonly [DISPLAY]: () => Promise<MimeBundle> } =>
  typeof value === 'object' && value !== null && DISPLAY in value && typeof value[DISPLAY] === 'function'

/**
 * Shows values in a notebook's cell, each as an output of its own: what the last expression of a cell does by itself, in the midst of it.
 * Without a notebook they are printed as words.
 *
 * @example
 * await display(trainingCurves(records), confusionMatrixFigure(counts, classes))
 */
export async function display(...values: readonly unknown[]): Promise<void> {
  const jupyter = kernel()
  for (const value of values) {
    const data: MimeBundle = isShown(value) ? await value[DISPLAY]() : { 'text/plain': textOf(value) }
    if (jupyter === undefined) console.log(data['text/plain'])
    else jupyter.broadcast('display_data', { data, metadata: {}, transient: {} })
  }
  if (jupyter !== undefined) waitForSending()
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : inspect(value))

/** An output that is shown again and again, each time in place of the time before. */
export interface Updated {
  show(bundle: MimeBundle): void
  /** Shows it for the last time. */
  end(bundle: MimeBundle): void
}

/** An output of the cell that runs now; undefined where this is no notebook. */
export function updated(): Updated | undefined {
  const jupyter = kernel()
  if (jupyter === undefined) return undefined
  const transient = { display_id: randomUUID() }
  let type = 'display_data'
  const show = (data: MimeBundle): void => {
    jupyter.broadcast(type, { data, metadata: {}, transient })
    type = 'update_display_data'
  }
  return {
    show,
    end: (bundle) => {
      show(bundle)
      waitForSending()
    },
  }
}
