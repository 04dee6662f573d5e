import * as z from 'zod'
import { parseConfig } from '../../nn/config.ts'
import { type HoldOutStrategy, heldOutCount } from './split.ts'
import { dividedAt, timeOrder } from './timeOrder.ts'

const schema = z.strictObject({ by: z.string().optional(), validation: z.number().min(0) })

export interface TimeOrderedOptions {
  /** Column beside the samples, of dates or numbers; left out, the samples stand in the order of time. */
  readonly by?: string
  /** Samples to hold out: a count (1 or more) or a share (below 1). */
  readonly validation: number
}

/**
 * Trains on the past and holds the latest samples out. Samples of one time stay together, so the size is met as nearly as that
 * allows. Nothing is random; with `by`, the order of the samples does not count either.
 *
 * @throws UsageError when there is no such column, it holds text, a sample has no time, or all have the same
 *
 * @example
 * split: timeOrdered({ by: 'date', validation: 0.2 })
 */
export function timeOrdered(options: TimeOrderedOptions): HoldOutStrategy {
  const { by, validation } = parseConfig('timeOrdered', schema, options)
  return {
    kind: 'timeOrdered',
    config: { ...options },
    divide: (samples) => {
      const count = heldOutCount(samples, validation)
      const { order, nearest } = timeOrder(samples, by)
      return dividedAt(order, nearest(order.length - count))
    },
    with: (changes) => timeOrdered({ ...options, ...changes }),
  }
}
