import { quantile } from '../table/describe.ts'
import type { Histogram, NumberField, Outliers } from './profile.ts'

/** Intervals of a histogram. */
const BINS = 40

/** Exact moments of what was seen, in one pass. */
export interface Moments {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly std: number
  readonly zeros: number
}

/** Welford's running moments, which do not cancel where the mean is large against the spread (Technometrics 4, 1962). */
export function runningMoments(): { add(value: number): void; result(): Moments } {
  let count = 0
  let zeros = 0
  let mean = 0
  let squares = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  return {
    add: (value) => {
      count++
      if (value === 0) zeros++
      if (value < min) min = value
      if (value > max) max = value
      const delta = value - mean
      mean += delta / count
      squares += delta * (value - mean)
    },
    result: () =>
      count === 0
        ? { count, zeros, min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN }
        : { count, zeros, min, max, mean, std: Math.sqrt(squares / count) },
  }
}

/** Tukey's fences around quartiles; see {@link Outliers}. */
export const fences = (q25: number, q75: number): readonly [low: number, high: number] => [
  q25 - 1.5 * (q75 - q25),
  q75 + 1.5 * (q75 - q25),
]

/** Intervals of a histogram from `low` to `high`: whole numbers of a small range have one each. */
export function binsFor(
  low: number,
  high: number,
  whole: boolean,
): Omit<Histogram, 'counts'> & { readonly bins: number } {
  if (!(high > low)) return { low: low - 0.5, high: low + 0.5, bins: 1 }
  if (!whole) return { low, high, bins: BINS }
  const width = Math.ceil((high - low + 1) / BINS)
  const bins = Math.ceil((high - low + 1) / width)
  return { low: low - 0.5, high: low - 0.5 + bins * width, bins }
}

/** A field from its values, which may hold NaN for what is missing. */
export function describeNumbers(
  name: string,
  type: string,
  values: ArrayLike<number>,
  { exact, outliers = true }: { readonly exact?: Moments; readonly outliers?: boolean } = {},
): NumberField {
  const moments = runningMoments()
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isNaN(value)) moments.add(value)
  }
  const seen = moments.result()
  const sorted = new Float64Array(values).sort().subarray(0, seen.count)
  let unique = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) unique++
  const [q25, median, q75] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)]
  const all = exact ?? seen
  const sampled = all.count > seen.count
  return {
    kind: 'number',
    name,
    type,
    ...all,
    missing: sampled ? 0 : values.length - seen.count,
    ...(!sampled && { unique }),
    q25,
    median,
    q75,
    histogram: histogramOf(sorted),
    ...(outliers && { outliers: outliersOf(sorted, q25, q75) }),
    ...(sampled && { sampled: seen.count }),
  }
}

function outliersOf(sorted: Float64Array, q25: number, q75: number): Outliers {
  const [low, high] = fences(q25, q75)
  return { count: below(sorted, low) + sorted.length - notAbove(sorted, high), low, high }
}

function histogramOf(sorted: Float64Array): Histogram {
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return { low: 0, high: 1, counts: [] }
  const { low, high, bins } = binsFor(first, last, sorted.every(Number.isInteger))
  const begins = Array.from({ length: bins }, (_, i) => below(sorted, low + (i * (high - low)) / bins))
  return { low, high, counts: begins.map((begin, i) => (begins[i + 1] ?? sorted.length) - begin) }
}

/** How many values are below `limit`. */
const below = (sorted: Float64Array, limit: number): number => firstIndex(sorted, (value) => value >= limit)

/** How many values are not above `limit`. */
const notAbove = (sorted: Float64Array, limit: number): number => firstIndex(sorted, (value) => value > limit)

/** By bisection: where something begins to be true. */
function firstIndex(sorted: Float64Array, isTrue: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (isTrue(sorted[middle] ?? Number.NaN)) to = middle
    else from = middle + 1
  }
  return from
}
