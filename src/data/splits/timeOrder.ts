import { UsageError } from '../../errors.ts'
import { requireColumn } from './groups.ts'
import type { Division, Splittable } from './split.ts'

/** Samples by time, earliest first, and where one time ends and the next begins. */
export interface TimeOrder {
  readonly order: Uint32Array
  /** The place, of those where a new time begins, that is nearest to the one given; the earlier of two. */
  nearest(place: number): number
}

/** @param by column of numbers or dates; left out, the samples stand in the order of time */
export function timeOrder(samples: Splittable, by: string | undefined): TimeOrder {
  const time = timesOf(samples, by)
  // Equal times by sample number, so that the order is the same on every machine.
  const order = Uint32Array.from(time.keys()).sort((a, b) => (time[a] ?? 0) - (time[b] ?? 0) || a - b)
  const isBoundary = (place: number): boolean => time[order[place - 1] ?? -1] !== time[order[place] ?? -1]
  return {
    order,
    nearest: (place) => {
      for (let away = 0; away < order.length; away++) {
        if (place - away > 0 && isBoundary(place - away)) return place - away
        if (place + away < order.length && isBoundary(place + away)) return place + away
      }
      throw new UsageError(
        `${samples.name}: all samples have one ${by}, so none comes after another: split by another column`,
      )
    },
  }
}

function timesOf(samples: Splittable, by: string | undefined): Float64Array {
  if (by === undefined) return Float64Array.from({ length: samples.length }, (_, i) => i)
  const column = requireColumn(samples, by)
  if (column.type === 'text')
    throw new UsageError(
      `${samples.name}: ${by} is text (${column.categories.slice(0, 3).join(', ')}), which has no order in time: give a column of dates or numbers`,
    )
  return column.values
}

/** The first `trained` samples in time, and those from there up to `end`, which are held out. */
export const dividedAt = (order: Uint32Array, trained: number, end = order.length): Division => ({
  train: order.slice(0, trained).sort(),
  validation: order.slice(trained, end).sort(),
})
