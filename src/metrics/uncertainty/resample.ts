import { foldIn, type Key, randomBits } from '../../random/index.ts'
import type { SplitPredictions } from '../predictions.ts'
import type { Counts } from '../resampled.ts'

/** Examples that are drawn among themselves: all of a split, or those of one class. */
export type Strata = readonly Uint32Array[]

export const examplesIn = (predictions: SplitPredictions): number =>
  predictions.task === 'classification'
    ? predictions.targets.length
    : predictions.targets.length / (predictions.width ?? 1)

export const oneStratum = (n: number): Strata => [Uint32Array.from({ length: n }, (_, i) => i)]

export function strataOf(targets: Int32Array): Strata {
  const members = new Map<number, number[]>()
  for (const [i, target] of targets.entries()) {
    const others = members.get(target)
    if (others) others.push(i)
    else members.set(target, [i])
  }
  return Array.from(members.values(), (examples) => Uint32Array.from(examples))
}

/**
 * Draws as many examples as there are, with replacement, within each stratum: resample number `r` of a key is always the same.
 * A word of 32 bits chooses an example, so that one of n examples is preferred to another by n / 2^32 at most.
 */
export function resampler(key: Key, strata: Strata): (r: number) => Counts {
  const n = strata.reduce((sum, { length }) => sum + length, 0)
  const [words, counts] = [new Uint32Array(n), new Uint32Array(n)]
  return (r) => {
    randomBits(foldIn(key, r), words)
    counts.fill(0)
    let used = 0
    for (const examples of strata) {
      const share = examples.length / 2 ** 32
      for (let k = 0; k < examples.length; k++) {
        const example = examples[Math.floor((words[used++] ?? 0) * share)] ?? 0
        counts[example] = (counts[example] ?? 0) + 1
      }
    }
    return counts
  }
}
