import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { foldIn } from '../../random/key.ts'
import { permutation } from '../../random/permutation.ts'
import { seedSchema } from './holdOut.ts'
import { divisionsOf, type FoldStrategy, foldStrategy, splitKey } from './split.ts'

export const kFoldSchema = z.strictObject({ folds: z.int().min(2), seed: seedSchema })

export interface KFoldOptions {
  /** Number of folds, at least 2. */
  readonly folds: number
  /** Another seed divides otherwise; default 0. */
  readonly seed?: number
}

/**
 * Deals the samples into k random folds, each of which is held out once. Sizes differ by one sample at most. The division depends on
 * the seed and on the data's content, the samples' order included.
 *
 * For classes use {@link stratifiedKFold}; for samples that belong together {@link groupedKFold}; for times {@link expandingWindow}.
 *
 * @throws UsageError when there are more folds than samples
 *
 * @example
 * for (const { train, validation } of kFold({ folds: 5 }).divide(data)) …
 */
export function kFold(options: KFoldOptions): FoldStrategy {
  const { folds, seed } = parseConfig('kFold', kFoldSchema, options)
  return foldStrategy({ kind: 'kFold', config: { ...options } }, folds, (samples, from = splitKey(seed)) => {
    const { name, length, fingerprint } = samples
    if (length < folds)
      throw new UsageError(`${name} has ${length} samples, too few for ${folds} folds: give at most ${length}`)
    const foldOf = new Uint32Array(length)
    const order = permutation(foldIn(foldIn(from, 'kFold'), fingerprint), length)
    for (const [place, i] of order.entries()) foldOf[i] = place % folds
    return divisionsOf(foldOf, folds)
  })
}
