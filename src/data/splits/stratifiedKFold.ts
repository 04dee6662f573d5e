import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { foldIn } from '../../random/key.ts'
import { type KFoldOptions, kFoldSchema } from './kFold.ts'
import { divisionsOf, type FoldStrategy, foldStrategy, splitKey } from './split.ts'
import { shuffledByClass } from './strata.ts'

/**
 * Deals the samples into k folds that keep the classes' proportions: both the folds' sizes and each class's share of them differ by
 * one sample at most (class after class is dealt out in turn, as scikit-learn's StratifiedKFold does). The division depends on the
 * seed and on the data's content, the samples' order included.
 *
 * @throws UsageError when the data have no classes, or a class has fewer samples than there are folds
 *
 * @example
 * split: stratifiedKFold({ folds: 5 }).fold(0)
 */
export function stratifiedKFold(options: KFoldOptions): FoldStrategy {
  const { folds, seed } = parseConfig('stratifiedKFold', kFoldSchema, options)
  return foldStrategy({ kind: 'stratifiedKFold', config: { ...options } }, folds, (samples, from = splitKey(seed)) => {
    const classes = shuffledByClass(samples, foldIn(foldIn(from, 'stratifiedKFold'), samples.fingerprint))
    for (const [c, { length }] of classes.entries())
      if (length > 0 && length < folds)
        throw new UsageError(
          `${samples.name}: class ${samples.targets.task === 'classification' ? samples.targets.classes[c] : c} has ` +
            `${length === 1 ? 'one sample' : `${length} samples`}, too few to be in each of ${folds} folds; add samples, give fewer folds, or use kFold`,
        )
    const foldOf = new Uint32Array(samples.length)
    for (const [place, i] of classes.flat().entries()) foldOf[i] = place % folds
    return divisionsOf(foldOf, folds)
  })
}
