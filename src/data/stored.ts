import { sizeOf } from '../tensor/shape.ts'
import {
  checkedLength,
  type Dataset,
  hashBeside,
  headerOf,
  isInMemory,
  type MemoryDataset,
  type StoredInputs,
} from './dataset.ts'
import { feeder } from './feed.ts'
import { gather } from './gather.ts'
import { batches } from './loader.ts'
import { hasher } from './sha256.ts'

/** What a data set that is not in memory is made from. */
export interface StoredParts extends Omit<Dataset, 'length' | 'fingerprint'> {
  readonly inputs: StoredInputs
}

/**
 * A data set whose inputs are not in memory.
 *
 * @param fingerprint - that of an earlier call for the same content; left out, all samples are read once
 * @throws UsageError when inputs and targets are not the same number of samples
 */
export async function createStoredDataset(parts: StoredParts, fingerprint?: string): Promise<Dataset> {
  const length = checkedLength(parts)
  return { ...parts, length, fingerprint: fingerprint ?? (await fingerprintOf({ ...parts, length, fingerprint: '' })) }
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

/** The same data set, its samples read into memory. */
export async function loadIntoMemory(dataset: Dataset): Promise<MemoryDataset> {
  if (isInMemory(dataset)) return dataset
  const { inputs } = await gather(dataset, allSamples(dataset.length))
  return { ...dataset, inputs: { data: inputs, shape: dataset.inputs.shape } }
}
