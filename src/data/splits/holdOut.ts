import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { foldIn } from '../../random/key.ts'
import { permutation } from '../../random/permutation.ts'
import { divisionOf, type HoldOutStrategy, heldOutCount, type Splittable, splitKey } from './split.ts'
import { proportional, shuffledByClass } from './strata.ts'

export const seedSchema = z.int().min(0).optional()
export const holdOutSchema = z.strictObject({
  validation: z.number().min(0),
  stratify: z.boolean().optional(),
  seed: seedSchema,
})

export interface HoldOutOptions {
  /** Samples to hold out: a count (1 or more) or a share (below 1). */
  readonly validation: number
  /** Keep the proportions of the classes; default true for classification. */
  readonly stratify?: boolean
  /** Another seed divides otherwise; default 0. */
  readonly seed?: number
}

/**
 * Holds random samples out. The division depends on the seed and on the data's content (samples in their order, storage type, class
 * names), never on file names or earlier calls; every sample is in exactly one part. Samples that belong together, such as several
 * of one patient, may be torn apart: use {@link groupedHoldOut} for them.
 *
 * Stratified, each class gives its share of the validation part to within one sample (method of largest remainders).
 *
 * @throws UsageError when a part would be empty, when data to stratify have no classes, or when a class has too few samples
 *
 * @example
 * const { train, validation } = holdOut({ validation: 10_000 }).divide(data)
 */
export function holdOut(options: HoldOutOptions): HoldOutStrategy {
  const { validation, stratify, seed } = parseConfig('holdOut', holdOutSchema, options)
  return {
    kind: 'holdOut',
    config: { ...options },
    divide: (samples, from = splitKey(seed)) => {
      const count = heldOutCount(samples, validation)
      const source = foldIn(foldIn(from, 'holdOut'), samples.fingerprint)
      const held = new Uint8Array(samples.length)
      if (stratify ?? samples.targets.task === 'classification') {
        const groups = shuffledByClass(samples, source)
        const quotas = proportional(
          groups.map((group) => group.length),
          count,
        )
        for (const [c, group] of groups.entries()) {
          const quota = quotas[c] ?? 0
          requireTrainable(samples, c, group.length, quota)
          for (const i of group.slice(0, quota)) held[i] = 1
        }
      } else {
        for (const i of permutation(source, samples.length).subarray(0, count)) held[i] = 1
      }
      return divisionOf(held)
    },
    with: (changes) => holdOut({ ...options, ...changes }),
  }
}

function requireTrainable({ name, targets }: Splittable, c: number, size: number, quota: number): void {
  const label = targets.task === 'classification' ? targets.classes[c] : c
  if (size === 1)
    throw new UsageError(
      `${name}: class ${label} has one sample, too few to be in both parts; add samples, or give stratify: false`,
    )
  if (size > 0 && quota === size)
    throw new UsageError(
      `${name}: all ${size} samples of class ${label} would be held out; hold out fewer, or add samples`,
    )
}
