import * as z from 'zod'
import { parseConfig } from '../../nn/config.ts'
import { foldIn } from '../../random/key.ts'
import { type FoldStrategy, foldStrategy, splitKey } from './split.ts'

const schema = z.strictObject({ times: z.int().min(1), seed: z.int().min(0).optional() })

export interface RepeatedOptions {
  readonly times: number
  /** Another seed divides otherwise; default 0. The seed of what is repeated does not count. */
  readonly seed?: number
}

/**
 * Makes the folds several times, each time with other chance: `times · k` divisions, those of one time beside each other. The mean over
 * all of them depends less on how the samples fell; the divisions overlap, so their scores are not independent.
 *
 * Pointless for folds without chance, such as `expandingWindow`.
 *
 * @example
 * for (const { train, validation } of repeated(stratifiedKFold({ folds: 5 }), { times: 3 }).divide(data)) …
 */
export function repeated(of: FoldStrategy, options: RepeatedOptions): FoldStrategy {
  const { times, seed } = parseConfig('repeated', schema, options)
  const config = { of: { kind: of.kind, ...of.config }, ...options }
  return foldStrategy({ kind: 'repeated', config }, times * of.count, (samples, from = splitKey(seed)) =>
    Array.from({ length: times }, (_, time) => of.divide(samples, foldIn(foldIn(from, 'repeated'), time))).flat(),
  )
}
