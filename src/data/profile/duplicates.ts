import { sizeOf } from '../../tensor/shape.ts'
import type { Dataset } from '../dataset.ts'
import { sha256 } from '../sha256.ts'
import type { Collector } from './collector.ts'
import type { Duplicates } from './profile.ts'

/** How many pairs are told. */
const EXAMPLES = 5

/** Samples of at most so many bytes are their own hash: SHA-256 of each of a million would take seconds. */
const SHORT = 64

/** What tells each sample's content from every other: its bytes if they are few, else their SHA-256. Targets do not count. */
export function contentHashes(dataset: Dataset): Collector<readonly string[]> {
  const width = sizeOf(dataset.inputs.shape)
  const hashes: string[] = []
  return {
    add: ({ inputs, size }) => {
      const bytes = new Uint8Array(inputs.buffer, inputs.byteOffset, size * width * inputs.BYTES_PER_ELEMENT)
      const each = width * inputs.BYTES_PER_ELEMENT
      for (let i = 0; i < size; i++) {
        const sample = bytes.subarray(i * each, (i + 1) * each)
        hashes.push(each <= SHORT ? String.fromCharCode(...sample) : sha256(sample))
      }
    },
    result: () => hashes,
  }
}

/** Samples of one split, to be compared by content. */
export interface Comparable {
  /** Equal where the content is. */
  readonly hashes: ArrayLike<string | number>
  /** What a sample stands under, as text. */
  target(sample: number): string
  /** How a sample is called: `train 17`. */
  nameOf(sample: number): string
}

/** Samples of a data set, with the hashes of {@link contentHashes}. */
export const comparable = (split: string, dataset: Dataset, hashes: readonly string[]): Comparable => ({
  hashes,
  target: (sample) => targetOf(dataset, sample),
  nameOf: (sample) => `${split} ${sample}`,
})

/**
 * Which samples are there more than once, in a split and across both.
 *
 * @param isSame - whether two samples are the same, where equal hashes leave a doubt; samples are numbered through, first those to
 * train on
 */
export function findDuplicates(
  train: Comparable,
  test: Comparable,
  isSame: (a: number, b: number) => boolean = () => true,
): Duplicates {
  // A group is made only where there is something to group.
  const trained = train.hashes.length
  const first = new Map<string | number, number>()
  const groups = new Map<number, number[]>()
  for (const { hashes } of [train, test])
    for (let i = 0; i < hashes.length; i++) {
      let hash = hashes[i] ?? ''
      const sample = hashes === train.hashes ? i : trained + i
      let earlier = first.get(hash)
      while (earlier !== undefined && !isSame(earlier, sample)) {
        hash = `${hash}, but another`
        earlier = first.get(hash)
      }
      if (earlier === undefined) first.set(hash, sample)
      else {
        const group = groups.get(earlier)
        if (group === undefined) groups.set(earlier, [earlier, sample])
        else group.push(sample)
      }
    }
  const at = (sample: number): readonly [Comparable, number] =>
    sample < trained ? [train, sample] : [test, sample - trained]
  const name = (sample: number): string => {
    const [split, index] = at(sample)
    return split.nameOf(index)
  }
  let [withinTrain, withinTest, between, conflicting] = [0, 0, 0, 0]
  for (const group of groups.values()) {
    const inTrain = group.filter((sample) => sample < trained).length
    withinTrain += Math.max(0, inTrain - 1)
    withinTest += Math.max(0, group.length - inTrain - 1)
    if (inTrain > 0) between += group.length - inTrain
    const targets = group.map((sample) => {
      const [split, index] = at(sample)
      return split.target(index)
    })
    if (new Set(targets).size > 1) conflicting++
  }
  const examples = Array.from(groups.values())
    .slice(0, EXAMPLES)
    .map((group) => group.slice(0, 4).map(name).join(' = '))
  return { withinTrain, withinTest, between, conflicting, examples }
}

function targetOf({ targets }: Dataset, index: number): string {
  if (targets.task === 'classification') return String(targets.labels[index])
  const width = sizeOf(targets.shape)
  return targets.values.subarray(index * width, (index + 1) * width).join()
}
