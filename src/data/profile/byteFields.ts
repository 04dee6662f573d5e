import type { Collector } from './collector.ts'
import type { Layout } from './layout.ts'
import { fences } from './numbers.ts'
import type { NumberField } from './profile.ts'

const LEVELS = 256

/** Fields of bytes: how often each of the 256 values comes says everything else exactly, in one pass. */
export function byteFields(
  { names, size }: Layout,
  { outliers }: { readonly outliers: boolean },
): Collector<NumberField[]> {
  const counts = names.map(() => new Float64Array(LEVELS))
  return {
    add: ({ inputs, size: samples }) => {
      let at = 0
      for (let sample = 0; sample < samples; sample++)
        for (const levels of counts)
          for (const end = at + size; at < end; at++) {
            const level = inputs[at] ?? 0
            levels[level] = (levels[level] ?? 0) + 1
          }
    },
    result: () => names.map((name, i) => fieldOf(name, counts[i] ?? new Float64Array(LEVELS), outliers)),
  }
}

function fieldOf(name: string, levels: Float64Array, withOutliers: boolean): NumberField {
  const count = sum(levels)
  const mean = sum(levels.map((n, level) => n * level)) / count
  const present = Array.from(levels.keys()).filter((level) => (levels[level] ?? 0) > 0)
  const quantiles = [0.25, 0.5, 0.75].map((share) => quantileOf(levels, share * (count - 1)))
  const [q25 = Number.NaN, median = Number.NaN, q75 = Number.NaN] = quantiles
  const [low, high] = fences(q25, q75)
  return {
    kind: 'number',
    name,
    type: 'uint8',
    count,
    missing: 0,
    unique: present.length,
    min: present[0] ?? Number.NaN,
    max: present.at(-1) ?? Number.NaN,
    mean,
    std: Math.sqrt(sum(levels.map((n, level) => n * (level - mean) ** 2)) / count),
    q25,
    median,
    q75,
    zeros: levels[0] ?? 0,
    histogram: { low: -0.5, high: LEVELS - 0.5, counts: Array.from(levels) },
    ...(withOutliers && {
      outliers: { low, high, count: sum(levels.map((n, level) => (level < low || level > high ? n : 0))) },
    }),
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** The value at a rank that may lie between two: linear between neighbours, as `quantile`. */
function quantileOf(levels: Float64Array, rank: number): number {
  const at = (position: number): number => {
    let seen = 0
    for (const [level, n] of levels.entries()) {
      seen += n
      if (seen > position) return level
    }
    return Number.NaN
  }
  const [low, high] = [at(Math.floor(rank)), at(Math.ceil(rank))]
  return low + (high - low) * (rank - Math.floor(rank))
}
