import { UsageError } from '../../errors.ts'
import { foldIn, type Key } from '../../random/key.ts'
import { permutation } from '../../random/permutation.ts'
import type { Splittable } from './split.ts'

/** Sample numbers of each class, ascending. */
export function samplesByClass({ name, targets }: Splittable): number[][] {
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
export function proportional(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((a, b) => a + b, 0)
  // Whole-number remainders: fractions would make ties depend on rounding.
  const quotas = sizes.map((size) => Math.floor((size * count) / total))
  const missing = count - quotas.reduce((a, b) => a + b, 0)
  const remainder = (c: number) => ((sizes[c] ?? 0) * count) % total
  const byRemainder = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a))
  for (const c of byRemainder.slice(0, missing)) quotas[c] = (quotas[c] ?? 0) + 1
  return quotas
}

/** The members in a random order. */
export const shuffled = <T>(members: readonly T[], from: Key): T[] =>
  Array.from(permutation(from, members.length), (place) => members[place]).flatMap((one) =>
    one === undefined ? [] : [one],
  )

/** Each class's samples in a random order of their own. */
export const shuffledByClass = (samples: Splittable, from: Key): number[][] =>
  samplesByClass(samples).map((members, c) => shuffled(members, foldIn(from, c)))
