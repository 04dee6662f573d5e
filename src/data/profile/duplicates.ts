import { sizeOf } from '../../tensor/shape.ts'
import type { Dataset, Splits } from '../dataset.ts'
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

/** Which samples are there more than once, in a split and across both. */
export function findDuplicates(
  { train, test }: Splits,
  trainHashes: readonly string[],
  testHashes: readonly string[],
): Duplicates {
  // Samples are numbered through, first those to train on; a group is made only where there is something to group.
  const first = new Map<string, number>()
  const groups = new Map<number, number[]>()
  for (const hashes of [trainHashes, testHashes])
    for (const [i, hash] of hashes.entries()) {
      const sample = hashes === trainHashes ? i : train.length + i
      const earlier = first.get(hash)
      if (earlier === undefined) first.set(hash, sample)
      else {
        const group = groups.get(earlier)
        if (group === undefined) groups.set(earlier, [earlier, sample])
        else group.push(sample)
      }
    }
  const isTrain = (sample: number): boolean => sample < train.length
  const target = (sample: number): string =>
    isTrain(sample) ? targetOf(train, sample) : targetOf(test, sample - train.length)
  const name = (sample: number): string => (isTrain(sample) ? `train ${sample}` : `test ${sample - train.length}`)
  let [withinTrain, withinTest, between, conflicting] = [0, 0, 0, 0]
  for (const group of groups.values()) {
    const trained = group.filter(isTrain).length
    const tested = group.length - trained
    withinTrain += Math.max(0, trained - 1)
    withinTest += Math.max(0, tested - 1)
    if (trained > 0) between += tested
    if (new Set(group.map(target)).size > 1) conflicting++
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
