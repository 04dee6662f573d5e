import { foldIn, type Key } from '../../random/key.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { sha256 } from '../sha256.ts'
import { takeRows } from '../table/column.ts'
import { type Division, type FoldStrategy, type HoldOutStrategy, type Splittable, splitKey } from './split.ts'

/** One outer fold: what is tested on, and divisions of the rest to choose models by. */
export interface NestedFold {
  /** Sample numbers, ascending: neither trained on nor chosen by. */
  readonly test: Uint32Array
  /** Everything else, to train the chosen model on. */
  readonly train: Uint32Array
  /** Divisions of `train`, in sample numbers of the whole. */
  readonly inner: readonly Division[]
}

/**
 * Nested cross-validation: each outer fold is tested on once, by a model that was chosen on divisions of the other samples alone, so
 * that no choice has seen what the score comes from (Varma and Simon, "Bias in error estimation when using cross-validation for
 * model selection", 2006).
 *
 * @param from where chance comes from; default seed 0
 *
 * @example
 * const folds = nested(data, { outer: stratifiedKFold({ folds: 5 }), inner: stratifiedKFold({ folds: 3 }) })
 * for (const { test, train, inner } of folds) …
 */
export function nested(
  samples: Splittable,
  { outer, inner }: { readonly outer: FoldStrategy; readonly inner: FoldStrategy | HoldOutStrategy },
  from: Key = splitKey(),
): readonly NestedFold[] {
  return outer.divide(samples, foldIn(from, 'outer')).map(({ train, validation: test }, fold) => {
    return { test, train, inner: divideWithin(samples, train, inner, foldIn(foldIn(from, 'inner'), fold)) }
  })
}

/**
 * Divides some of the samples as if there were no others, so that what is drawn, and how, says nothing of the rest.
 *
 * @param indices sample numbers, ascending
 * @param from where chance comes from; default the strategy's seed
 * @returns divisions in sample numbers of the whole
 */
export function divideWithin(
  samples: Splittable,
  indices: Uint32Array,
  strategy: FoldStrategy | HoldOutStrategy,
  from?: Key,
): readonly Division[] {
  const divided = strategy.divide(restricted(samples, indices), from)
  const ofWhole = (numbers: Uint32Array): Uint32Array => numbers.map((i) => indices[i] ?? 0)
  const divisions: readonly Division[] = 'train' in divided ? [divided] : divided
  return divisions.map(({ train, validation }) => ({ train: ofWhole(train), validation: ofWhole(validation) }))
}

/** Some of the samples, as if there were no others. */
function restricted({ name, fingerprint, targets, columns }: Splittable, indices: Uint32Array): Splittable {
  const picked = <A extends Int32Array | Float32Array>(from: A, to: A, width: number): A => {
    for (const [place, i] of indices.entries())
      for (let j = 0; j < width; j++) to[place * width + j] = from[i * width + j] ?? 0
    return to
  }
  const width = targets.task === 'classification' ? 1 : sizeOf(targets.shape)
  return {
    name,
    length: indices.length,
    fingerprint: sha256(fingerprint, indices),
    targets:
      targets.task === 'classification'
        ? { ...targets, labels: picked(targets.labels, new Int32Array(indices.length), width) }
        : { ...targets, values: picked(targets.values, new Float32Array(indices.length * width), width) },
    ...(columns && { columns: columns.map((column) => takeRows(column, indices)) }),
  }
}
