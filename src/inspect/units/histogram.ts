/** Counts in intervals of equal width, from `low` to `high`. */
export interface Histogram {
  readonly low: number
  readonly high: number
  readonly counts: readonly number[]
}

/** A histogram of values that come some at a time and whose range is not known before. */
export interface RunningHistogram {
  /** Values that are no finite number are passed over. */
  add(value: number): void
  /** @param bins at most; there may be fewer, none where there was no value */
  read(bins?: number): Histogram
}

/** Half of the intervals that are kept: those shown are made of whole ones. */
const HALF = 2048

/**
 * Counts exactly while it goes: intervals begin narrow, lie on multiples of their width, and are joined two by two when a value falls
 * beyond them.
 *
 * @example
 * const histogram = runningHistogram()
 * for (const value of [0.1, 0.2, 7]) histogram.add(value)
 * histogram.read(4).counts // [2, 0, 0, 1]
 */
export function runningHistogram(): RunningHistogram {
  let counts = new Float64Array(2 * HALF)
  let width = 2 ** -24
  const widen = (): void => {
    const joined = new Float64Array(2 * HALF)
    for (const [i, count] of counts.entries()) {
      const at = Math.floor((i - HALF) / 2) + HALF
      joined[at] = (joined[at] ?? 0) + count
    }
    counts = joined
    width *= 2
  }
  return {
    add: (value) => {
      if (!Number.isFinite(value)) return
      while (value < -HALF * width || value >= HALF * width) widen()
      const at = Math.floor(value / width) + HALF
      counts[at] = (counts[at] ?? 0) + 1
    },
    read: (bins = 60) => {
      const first = counts.findIndex((count) => count > 0)
      if (first < 0) return { low: 0, high: 0, counts: [] }
      const last = counts.findLastIndex((count) => count > 0)
      const each = Math.ceil((last - first + 1) / bins)
      const shown = Math.ceil((last - first + 1) / each)
      return {
        low: (first - HALF) * width,
        high: (first - HALF + shown * each) * width,
        counts: Array.from({ length: shown }, (_, i) =>
          counts.subarray(first + i * each, first + (i + 1) * each).reduce((sum, count) => sum + count, 0),
        ),
      }
    },
  }
}
