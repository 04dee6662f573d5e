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

/** Draws of a key among so many examples, as a {@link resampler} makes them. */
export type SharedDraws = (key: Key, n: number) => (r: number) => Counts

/** Bytes of draws that are kept; of more the first are, and the others made anew each time. */
const MOST_BYTES = 64 * 2 ** 20

/**
 * Draws that several metrics and models over equally many examples share: each is made once, which takes many times what a mean over it does.
 * What a call gives is overwritten by the next.
 *
 * @example
 * const draws = sharedDraws()
 * metrics.map((metric) => metricInterval(metric, predictions, { draws }))
 */
export function sharedDraws(): SharedDraws {
  const kept = new Map<string, Map<number, Uint8Array>>()
  let bytes = 0
  return (key, n) => {
    const name = `${key.low} ${key.high} ${n}`
    const own = kept.get(name) ?? new Map<number, Uint8Array>()
    kept.set(name, own)
    const draw = resampler(key, oneStratum(n))
    const counts = new Uint32Array(n)
    return (r) => {
      const before = own.get(r)
      if (before !== undefined) {
        counts.set(before)
        return counts
      }
      const drawn = draw(r)
      // An example that is drawn more often than a byte can say is as good as impossible, and stays right all the same.
      if (bytes + n <= MOST_BYTES && drawn.every((count) => count < 256)) {
        own.set(r, Uint8Array.from(drawn))
        bytes += n
      }
      return drawn
    }
  }
}
