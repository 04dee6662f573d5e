import { UsageError } from '../errors.ts'
import { foldIn, type Key } from '../random/key.ts'
import { permutation } from '../random/permutation.ts'
import type { Dataset } from './dataset.ts'

export interface HoldOutOptions {
  /** Samples to hold out: a count (1 or more) or a fraction (below 1). */
  readonly validation: number
  /** Keep the classes' proportions (default false). */
  readonly stratify?: boolean
  readonly key: Key
}

export interface HoldOut {
  /** Sample numbers, ascending. */
  readonly train: Uint32Array
  readonly validation: Uint32Array
}

/**
 * Splits sample numbers into those to train on and those to choose models by. The split depends on the key and on the data's content
 * (samples in their order, storage type, class names), never on file names or earlier calls; every sample is in exactly one part.
 *
 * Stratified, each class gives its share of the validation part to within one sample (method of largest remainders).
 *
 * @throws UsageError when a part would be empty, when data to stratify have no classes, or when a class has too few samples
 *
 * @example
 * const { train, validation } = holdOut(data, { validation: 10_000, stratify: true, key: foldIn(key(0), 'split') })
 */
export function holdOut(dataset: Dataset, { validation, stratify = false, key }: HoldOutOptions): HoldOut {
  const count = validationCount(dataset, validation)
  const seed = foldIn(foldIn(key, 'holdOut'), dataset.fingerprint)
  const held = new Uint8Array(dataset.length)
  if (stratify) {
    const groups = samplesByClass(dataset)
    const quotas = proportional(
      groups.map((group) => group.length),
      count,
    )
    for (const [c, group] of groups.entries()) {
      const quota = quotas[c] ?? 0
      requireTrainable(dataset, c, group.length, quota)
      for (const i of permutation(foldIn(seed, c), group.length).subarray(0, quota)) held[group[i] ?? 0] = 1
    }
  } else {
    for (const i of permutation(seed, dataset.length).subarray(0, count)) held[i] = 1
  }
  const chosen = (part: number) => Uint32Array.from(held.keys()).filter((i) => held[i] === part)
  return { train: chosen(0), validation: chosen(1) }
}

function validationCount({ name, length }: Dataset, validation: number): number {
  const count = validation < 1 ? Math.round(validation * length) : validation
  if (!Number.isInteger(count) || count < 1 || count >= length)
    throw new UsageError(
      `validation is ${validation} of the ${length} samples of ${name}: give a count from 1 to ${length - 1}, or a fraction below 1 that leaves both parts a sample`,
    )
  return count
}

function samplesByClass({ name, targets }: Dataset): number[][] {
  if (targets.task !== 'classification')
    throw new UsageError(`${name} has numbers as targets, so it cannot be stratified by class: leave stratify out`)
  const groups = targets.classes.map((): number[] => [])
  for (const [i, label] of targets.labels.entries()) {
    const group = groups[label]
    if (!group)
      throw new UsageError(`${name}: the label of sample ${i} is ${label} and there are ${groups.length} classes`)
    group.push(i)
  }
  return groups
}

/** Shares `count` out in proportion to `sizes`: rounded down, then one more to the largest remainders, ties to the first. */
function proportional(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((a, b) => a + b, 0)
  // Whole-number remainders: fractions would make ties depend on rounding.
  const quotas = sizes.map((size) => Math.floor((size * count) / total))
  const missing = count - quotas.reduce((a, b) => a + b, 0)
  const remainder = (c: number) => ((sizes[c] ?? 0) * count) % total
  const byRemainder = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a))
  for (const c of byRemainder.slice(0, missing)) quotas[c] = (quotas[c] ?? 0) + 1
  return quotas
}

function requireTrainable({ name, targets }: Dataset, c: number, size: number, quota: number): void {
  const label = targets.task === 'classification' ? targets.classes[c] : c
  if (size === 1)
    throw new UsageError(
      `${name}: class ${label} has one sample, too few to be in both parts; add samples, or leave stratify out`,
    )
  if (size > 0 && quota === size)
    throw new UsageError(
      `${name}: all ${size} samples of class ${label} would be held out; hold out fewer, or add samples`,
    )
}
