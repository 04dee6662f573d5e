import { UsageError } from '../../errors.ts'
import { restoreImpute } from './impute.ts'
import { restoreMinMax } from './minMax.ts'
import { restoreNormalizeImage } from './normalizeImage.ts'
import { restoreOneHot } from './oneHot.ts'
import { restorePca } from './pca.ts'
import { restoreStandardize } from './standardize.ts'
import type { FittedTransform } from './transform.ts'

const RESTORE: ReadonlyMap<string, (state: unknown) => FittedTransform> = new Map([
  ['impute', restoreImpute],
  ['standardize', restoreStandardize],
  ['minMax', restoreMinMax],
  ['normalizeImage', restoreNormalizeImage],
  ['oneHot', restoreOneHot],
  ['pca', restorePca],
])

/**
 * A fitted transform from what was saved of it. It can be applied, and not be put into an experiment, which fits its own.
 *
 * @throws UsageError for a kind that Assay does not have, such as one of your own, or a state that is not of this kind
 * @example
 * restoreTransform('minMax', { shape: [1], min: [0], max: [2], low: 0, high: 1 }).apply(x)
 */
export function restoreTransform(kind: string, state: unknown): FittedTransform {
  const restore = RESTORE.get(kind)
  if (restore === undefined)
    throw new UsageError(
      `there is no transform ${kind} to restore; there are ${[...RESTORE.keys()].join(', ')}. A run's model.onnx holds its preparation, whatever that is`,
    )
  return restore(state)
}
