import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { groupKey, groupsOf } from './groups.ts'
import { seedSchema } from './holdOut.ts'
import { divisionOf, type HoldOutStrategy, heldOutCount, splitKey } from './split.ts'
import { shuffled } from './strata.ts'

const schema = z.strictObject({ by: z.string(), validation: z.number().min(0), seed: seedSchema })

export interface GroupedHoldOutOptions {
  /** Column beside the samples that names each one's group. */
  readonly by: string
  /** Samples to hold out: a count (1 or more) or a share (below 1). */
  readonly validation: number
  /** Another seed divides otherwise; default 0. */
  readonly seed?: number
}

/**
 * Holds whole groups out, such as all pictures of a patient: what is like a sample that was trained on must not be asked for.
 *
 * Groups come in a random order, and each is held out if that brings the validation part nearer to its size; so the size is met as
 * nearly as whole groups allow. The division depends on the groups' names and sizes and on the seed, not on the order of the samples.
 *
 * @throws UsageError when there is no such column, a sample has no group, or there are fewer than two groups
 *
 * @example
 * split: groupedHoldOut({ by: 'patient', validation: 0.2 })
 */
export function groupedHoldOut(options: GroupedHoldOutOptions): HoldOutStrategy {
  const { by, validation, seed } = parseConfig('groupedHoldOut', schema, options)
  return {
    kind: 'groupedHoldOut',
    config: { ...options },
    divide: (samples, from = splitKey(seed)) => {
      const wanted = heldOutCount(samples, validation)
      const groups = groupsOf(samples, by)
      if (groups.length < 2)
        throw new UsageError(
          `${samples.name}: all samples have one ${by}, ${groups[0]?.name}, so none can be held out: split by another column`,
        )
      const held = new Uint8Array(samples.length)
      const order = shuffled(groups, groupKey(from, groups)).map(({ members }) => members)
      let count = 0
      let left = groups.length
      for (const members of order) {
        const isNearer = Math.abs(count + members.length - wanted) < Math.abs(count - wanted)
        if (!isNearer || left === 1) continue
        for (const i of members) held[i] = 1
        count += members.length
        left -= 1
      }
      // Every group is more than twice too large: the smallest does least harm.
      if (count === 0) for (const i of order.toSorted((a, b) => a.length - b.length)[0] ?? []) held[i] = 1
      return divisionOf(held)
    },
    with: (changes) => groupedHoldOut({ ...options, ...changes }),
  }
}
