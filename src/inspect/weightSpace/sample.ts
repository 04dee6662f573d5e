import { UsageError } from '../../errors.ts'
import { foldIn, key, permutation } from '../../random/index.ts'
import type { SplitName } from '../../runs/testModel/index.ts'
import type { Split } from '../../train/evaluate.ts'
import type { Prepared } from '../../train/index.ts'

/** A split, or some of it, and what it is called. */
export interface ScoredSplit {
  readonly name: SplitName
  readonly split: Split
  /** In sentences and subtitles: `train (2000 of 50000 samples, seed 0)`. */
  readonly text: string
}

export interface SampleOptions {
  /** Most samples of a split; default all. */
  readonly samples?: number | undefined
  /** Which ones; default 0. */
  readonly seed?: number | undefined
}

/**
 * Some samples of a split, drawn without order by a seed: the same ones whenever they are asked for.
 *
 * @throws UsageError where the split is empty
 * @example
 * sampledSplit(prepared, 'train', { samples: 2000 }).text // 'train (2000 of 50000 samples, seed 0)'
 */
export function sampledSplit(
  prepared: Pick<Prepared, SplitName>,
  name: SplitName,
  { samples = Number.POSITIVE_INFINITY, seed = 0 }: SampleOptions = {},
): ScoredSplit {
  const { dataset, indices } = prepared[name]
  if (indices.length === 0) throw new UsageError(`${dataset.name} has no ${name} split: leave it out`)
  if (indices.length <= samples)
    return { name, split: { dataset, indices }, text: `${name} (all ${indices.length} samples)` }
  const order = permutation(foldIn(key(seed), name), indices.length)
  return {
    name,
    split: {
      dataset,
      indices: order
        .subarray(0, samples)
        .map((i) => indices[i] ?? 0)
        .sort(),
    },
    text: `${name} (${samples} of ${indices.length} samples, seed ${seed})`,
  }
}
