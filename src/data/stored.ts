import { sizeOf } from '../tensor/shape.ts'
import {
  type ClassTargets,
  checkedLength,
  type Dataset,
  hashBeside,
  headerOf,
  type MemoryDataset,
  type StoredInputs,
} from './dataset.ts'
import { feeder } from './feed.ts'
import { gather } from './gather.ts'
import { batches } from './loader.ts'
import { hasher, sha256 } from './sha256.ts'

/** Samples of classes that are not in memory. */
export interface StoredDataset extends Dataset {
  readonly inputs: StoredInputs
  readonly targets: ClassTargets
}

/**
 * A data set whose inputs are not in memory.
 *
 * @param fingerprint - that of an earlier call for the same content; left out, all samples are read once
 * @throws UsageError when inputs and targets are not the same number of samples
 */
export async function createStoredDataset(
  parts: Omit<StoredDataset, 'length' | 'fingerprint'>,
  fingerprint?: string,
): Promise<StoredDataset> {
  const dataset = { ...parts, length: checkedLength(parts), fingerprint: '' }
  return { ...dataset, fingerprint: fingerprint ?? (await fingerprintOf(dataset)) }
}

/** Bytes of the blocks in which a whole data set is read. */
const BLOCK_BYTES = 4 * 2 ** 20

/** What `createDataset` gives for the same samples in memory. */
async function fingerprintOf(dataset: Dataset): Promise<string> {
  const hash = hasher().add(headerOf(dataset))
  if (dataset.length > 0) {
    const rows = Math.max(1, Math.floor(BLOCK_BYTES / (4 * sizeOf(dataset.inputs.shape))))
    const parts = batches(allSamples(dataset.length), rows, { shuffle: false })
    for (const coming of feeder(dataset, rows)(parts)) hash.add((await coming).inputs)
  }
  return hashBeside(hash, dataset).hex()
}

/** Numbers of all samples, in order. */
export const allSamples = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

/** Some samples as a data set of their own; they stay where they are. Its fingerprint follows from that of the whole. */
export function subset(dataset: StoredDataset, indices: Uint32Array): StoredDataset {
  const { inputs, targets, fingerprint } = dataset
  const numbers = (asked: Uint32Array): Uint32Array => asked.map((i) => indices[i] ?? 0)
  return {
    ...dataset,
    inputs: { ...inputs, length: indices.length, read: (asked, out) => inputs.read(numbers(asked), out) },
    targets: { ...targets, labels: Int32Array.from(indices, (i) => targets.labels[i] ?? 0) },
    length: indices.length,
    fingerprint: sha256('subset', fingerprint, indices),
  }
}

/** The same data set, its samples read into memory. */
export async function loadIntoMemory(dataset: StoredDataset): Promise<MemoryDataset> {
  const { inputs } = await gather(dataset, allSamples(dataset.length))
  return { ...dataset, inputs: { data: inputs, shape: dataset.inputs.shape } }
}
