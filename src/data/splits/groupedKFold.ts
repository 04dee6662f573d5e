import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { groupKey, groupsOf } from './groups.ts'
import { seedSchema } from './holdOut.ts'
import { divisionsOf, type FoldStrategy, foldStrategy, splitKey } from './split.ts'
import { shuffled } from './strata.ts'

const schema = z.strictObject({ folds: z.int().min(2), by: z.string(), seed: seedSchema })

export interface GroupedKFoldOptions {
  /** Number of folds, at least 2. */
  readonly folds: number
  /** Column beside the samples that names each one's group. */
  readonly by: string
  /** Decides between groups of one size; default 0. */
  readonly seed?: number
}

/**
 * k folds of whole groups, so that no group is both trained on and validated on. The largest group goes first and each goes to the
 * fold that is smallest so far (as in scikit-learn's GroupKFold), which keeps the folds' sizes near each other. The division depends on
 * the groups' names and sizes and on the seed, not on the order of the samples.
 *
 * @throws UsageError when there is no such column, a sample has no group, or there are fewer groups than folds
 *
 * @example
 * for (const { train, validation } of groupedKFold({ folds: 5, by: 'patient' }).divide(data)) …
 */
export function groupedKFold(options: GroupedKFoldOptions): FoldStrategy {
  const { folds, by, seed } = parseConfig('groupedKFold', schema, options)
  return foldStrategy({ kind: 'groupedKFold', config: { ...options } }, folds, (samples, from = splitKey(seed)) => {
    const groups = groupsOf(samples, by)
    if (groups.length < folds)
      throw new UsageError(
        `${samples.name} has ${groups.length} different ${by}, too few for ${folds} folds: give at most ${groups.length}`,
      )
    const sizes = new Array<number>(folds).fill(0)
    const foldOf = new Uint32Array(samples.length)
    const largestFirst = shuffled(groups, groupKey(from, groups)).sort((a, b) => b.members.length - a.members.length)
    for (const { members } of largestFirst) {
      const fold = sizes.indexOf(Math.min(...sizes))
      sizes[fold] = (sizes[fold] ?? 0) + members.length
      for (const i of members) foldOf[i] = fold
    }
    return divisionsOf(foldOf, folds)
  })
}
