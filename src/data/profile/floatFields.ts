import type { Key } from '../../random/key.ts'
import { permutation } from '../../random/permutation.ts'
import type { Collector } from './collector.ts'
import type { Layout } from './layout.ts'
import { describeNumbers, runningMoments } from './numbers.ts'
import type { NumberField } from './profile.ts'

/** Values of all fields together that are kept for quantiles. */
const KEPT = 2 ** 25

export interface FloatFieldsOptions {
  /** How many there are. */
  readonly samples: number
  readonly key: Key
  readonly outliers: boolean
  /** Values of a field that are kept for quantiles (default 2^20). */
  readonly kept?: number
}

/**
 * Fields of floats: moments of all values, quantiles and histogram of all values or, where there are more than a million of a field, of
 * samples drawn with the key.
 */
export function floatFields(
  { names, size }: Layout,
  { samples, key, outliers, kept: most = 2 ** 20 }: FloatFieldsOptions,
): Collector<NumberField[]> {
  const limit = Math.max(1, Math.floor(Math.min(most, KEPT / names.length) / size))
  const chosen = samples <= limit ? undefined : new Set(permutation(key, samples).subarray(0, limit))
  const moments = names.map(runningMoments)
  const kept = names.map(() => new Float32Array(Math.min(samples, limit) * size))
  let filled = 0
  return {
    add: ({ inputs, size: batch }, first) => {
      for (let sample = 0; sample < batch; sample++) {
        const isKept = chosen === undefined || chosen.has(first + sample)
        for (const [field, moment] of moments.entries()) {
          const at = (sample * names.length + field) * size
          for (let i = at; i < at + size; i++) moment.add(inputs[i] ?? 0)
          if (isKept) for (let i = 0; i < size; i++) (kept[field] ?? [])[filled + i] = inputs[at + i] ?? 0
        }
        if (isKept) filled += size
      }
    },
    result: () =>
      names.map((name, field) =>
        describeNumbers(name, 'float32', kept[field] ?? [], {
          outliers,
          ...(moments[field] && { exact: moments[field].result() }),
        }),
      ),
  }
}
