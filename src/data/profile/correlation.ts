import { sizeOf } from '../../tensor/shape.ts'
import type { Collector } from './collector.ts'
import type { Correlation } from './profile.ts'

/** More fields than this make pairs that nobody reads. */
export const MAX_CORRELATED = 64

/** Pearson's r of every two features, in one pass: moments around the first sample, which cancel less than moments around zero. */
export function featureCorrelation(names: readonly string[]): Collector<Correlation> {
  const k = names.length
  const [origin, sums, products] = [new Float64Array(k), new Float64Array(k), new Float64Array(k * k)]
  const centred = new Float64Array(k)
  let count = 0
  return {
    add: ({ inputs, size }) => {
      for (let sample = 0; sample < size; sample++, count++)
        for (let i = 0; i < k; i++) {
          const value = inputs[sample * k + i] ?? 0
          if (count === 0) origin[i] = value
          const x = value - (origin[i] ?? 0)
          centred[i] = x
          sums[i] = (sums[i] ?? 0) + x
          for (let j = 0; j <= i; j++) products[i * k + j] = (products[i * k + j] ?? 0) + x * (centred[j] ?? 0)
        }
    },
    result: () => {
      const covariance = (i: number, j: number): number =>
        (products[Math.max(i, j) * k + Math.min(i, j)] ?? 0) / count -
        ((sums[i] ?? 0) / count) * ((sums[j] ?? 0) / count)
      const matrix = names.map((_, i) =>
        names.map((__, j) => {
          const spread = Math.sqrt(covariance(i, i) * covariance(j, j))
          return spread > 0 ? Math.max(-1, Math.min(1, covariance(i, j) / spread)) : null
        }),
      )
      return { names, matrix }
    },
  }
}

/** One pair of fields. */
export interface CorrelatedPair {
  readonly a: string
  readonly b: string
  readonly r: number
}

/** Pairs by the size of r, the strongest first. */
export function strongestPairs({ names, matrix }: Correlation, limit = 10): CorrelatedPair[] {
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b, offset) => {
      const r = matrix[i]?.[i + 1 + offset]
      return typeof r === 'number' ? [{ a, b, r }] : []
    }),
  )
  return pairs.sort((one, other) => Math.abs(other.r) - Math.abs(one.r)).slice(0, limit)
}

/** Whether samples of this shape are features to be correlated. */
export const isCorrelatable = (shape: readonly number[], fields: number): boolean =>
  fields > 1 && fields <= MAX_CORRELATED && fields === sizeOf(shape)
