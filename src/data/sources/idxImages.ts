import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { UsageError } from '../../errors.ts'
import { createDataset, type MemoryDataset, type Splits } from '../dataset.ts'
import { type IdxArray, parseIdx } from './idx.ts'

const FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const

/** The four files that MNIST and its relatives consist of. */
export type IdxFile = (typeof FILES)[number]
export const idxFiles: readonly IdxFile[] = FILES

/** MNIST or one of its relatives. */
export interface IdxImages {
  /** Of the data sets. */
  readonly name: string
  /** In messages. */
  readonly title: string
  readonly classes: readonly string[]
  /** SHA-256 of the canonical files, unpacked. */
  readonly checksums: Readonly<Record<IdxFile, string>>
}

const unpack = promisify(gunzip)

/**
 * Reads a folder with the four files, each plain or gzipped (`….gz`), and checks that they are the canonical ones.
 *
 * @param wayOut - what to do when a file is not there or another one, for the message
 * @throws UsageError naming the file
 */
export async function loadIdxImages(images: IdxImages, folder: string, wayOut: string): Promise<Splits> {
  const [train, test] = await Promise.all([
    split(images, folder, 'train', wayOut),
    split(images, folder, 't10k', wayOut),
  ])
  return { train, test }
}

async function split(of: IdxImages, folder: string, part: 'train' | 't10k', wayOut: string): Promise<MemoryDataset> {
  const [images, labels] = await Promise.all([
    readChecked(of, folder, `${part}-images-idx3-ubyte`, wayOut),
    readChecked(of, folder, `${part}-labels-idx1-ubyte`, wayOut),
  ])
  return createDataset({
    name: of.name,
    inputs: { data: images.data, shape: [1, ...images.shape.slice(1)] },
    targets: { task: 'classification', labels: Int32Array.from(labels.data), classes: of.classes },
  })
}

async function readChecked(
  { title, checksums }: IdxImages,
  folder: string,
  file: IdxFile,
  wayOut: string,
): Promise<IdxArray> {
  const path = join(folder, file)
  const bytes = await readPlain(path).catch((error: unknown) => {
    throw new UsageError(`${path} of ${title} cannot be read (${String(error)}): ${wayOut}`)
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== checksums[file])
    throw new UsageError(`${path} is not the canonical file of ${title} (SHA-256 ${found}): ${wayOut}`)
  return parseIdx(bytes, path)
}

/** A file or, where it lies there gzipped, what is in that. */
export async function readPlain(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const packed = await readFile(`${path}.gz`).catch(() => undefined)
    if (packed === undefined) throw error
    return unpack(packed)
  }
}
