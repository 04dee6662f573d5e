import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { UsageError } from '../../errors.ts'
import { createDataset, type DataSource, type LoadHooks, type MemoryDataset, type Splits } from '../dataset.ts'
import { cacheFolder } from '../files/cacheFolder.ts'
import { DownloadError, download } from '../files/download.ts'

const ARCHIVE = 'cifar-10-binary.tar.gz'
/** Folder inside the archive. */
const INSIDE = 'cifar-10-batches-bin'
const URLS = [`https://www.cs.toronto.edu/~kriz/${ARCHIVE}`]
/** SHA-256 of the archive, as TensorFlow Datasets publishes it; the data set's own page has an MD5. */
const CHECKSUM = 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'

const TRAIN = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const TEST = ['test_batch.bin']
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

const SHAPE = [3, 32, 32]
const PIXELS = 3 * 32 * 32
/** A byte for the class, and the pixels: all of red, all of green, all of blue. */
const RECORD = 1 + PIXELS
const RECORDS = 10_000

export interface Cifar10Options {
  /**
   * Folder with the six `.bin` files, with a folder `cifar-10-batches-bin` that has them, or with `cifar-10-binary.tar.gz`.
   * Default: the cache, into which the archive is downloaded (170 MB) when it is not there.
   */
  readonly folder?: string
}

/**
 * CIFAR-10: 50,000 + 10,000 colour images [3, 32, 32] of ten classes of things, uint8, in the binary version. A downloaded
 * archive is checked against its SHA-256; of files that a user gives, lengths and labels are checked, as no checksums of the
 * single files are published.
 *
 * Source: Krizhevsky, "Learning multiple layers of features from tiny images", technical report, University of Toronto (2009).
 *
 * @throws UsageError at loading, when a file is missing or is not what it should be, or when there are none and the archive
 * cannot be fetched; it says what to do
 *
 * @example
 * const { train } = await cifar10({ folder: 'data' }).load()
 * train.inputs.shape // [3, 32, 32]
 */
export const cifar10 = (options: Cifar10Options = {}): DataSource => ({
  kind: 'cifar10',
  config: { ...options },
  load: (hooks) =>
    options.folder === undefined
      ? fetchCifar10(join(cacheFolder(), 'cifar10'), URLS, hooks)
      : loadFolder(options.folder),
})

/** Loads from a folder, into which the archive is fetched when it is not there or damaged. */
export async function fetchCifar10(folder: string, urls: readonly string[], hooks: LoadHooks = {}): Promise<Splits> {
  const to = join(folder, ARCHIVE)
  try {
    await download({ urls, to, sha256: CHECKSUM, ...hooks })
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error
    throw new UsageError(
      [
        `CIFAR-10 is not on this machine, and ${error.message}`,
        'There are two ways out:',
        `  get ${ARCHIVE} elsewhere and give the folder that has it: cifar10({ folder })`,
        `  run this again with a network; the file is kept in ${folder}`,
      ].join('\n'),
    )
  }
  return loadFolder(folder)
}

async function loadFolder(folder: string): Promise<Splits> {
  const places = [folder, join(folder, INSIDE)]
  const unpacked = places.find((place) => existsSync(join(place, TEST[0] ?? '')))
  const archive = join(folder, ARCHIVE)
  if (unpacked === undefined && !existsSync(archive))
    throw new UsageError(
      `${folder} has neither ${TEST[0]} nor ${ARCHIVE}: give the folder that has CIFAR-10's binary version`,
    )
  const read = unpacked === undefined ? await archiveReader(archive) : folderReader(unpacked)
  return { train: await split(read, TRAIN), test: await split(read, TEST) }
}

type Read = (file: string) => Promise<{ readonly path: string; readonly bytes: Uint8Array }>

const folderReader =
  (folder: string): Read =>
  async (file) => {
    const path = join(folder, file)
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new UsageError(`${path} of CIFAR-10 cannot be read (${String(error)}): all six .bin files are needed`)
    })
    return { path, bytes }
  }

async function archiveReader(archive: string): Promise<Read> {
  const wanted = new Set([...TRAIN, ...TEST])
  const bytes = createReadStream(archive).pipe(createGunzip())[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await bytes.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
  const entries = await unpackTar(stream, { filter: ({ name }) => wanted.has(basename(name)) }).catch(
    (error: unknown) => {
      throw new UsageError(`${archive} cannot be unpacked (${String(error)}): remove it and get it again`)
    },
  )
  const found = new Map(entries.map(({ header, data }) => [basename(header.name), data]))
  return async (file) => {
    const bytes = found.get(file)
    if (bytes === undefined) throw new UsageError(`${archive} has no ${file}: get CIFAR-10's binary version`)
    return { path: `${file} in ${archive}`, bytes }
  }
}

async function split(read: Read, files: readonly string[]): Promise<MemoryDataset> {
  const data = new Uint8Array(files.length * RECORDS * PIXELS)
  const labels = new Int32Array(files.length * RECORDS)
  for (const [f, file] of files.entries()) {
    const { path, bytes } = await read(file)
    if (bytes.length !== RECORDS * RECORD)
      throw new UsageError(
        `${path} has ${bytes.length} bytes, and 10,000 records of ${RECORD} are ${RECORDS * RECORD}: get it again`,
      )
    for (let i = 0; i < RECORDS; i++) {
      const start = i * RECORD
      const label = bytes[start] ?? 0
      if (label >= CLASSES.length)
        throw new UsageError(`${path}: record ${i} has class ${label}, and there are 0 to 9: get it again`)
      labels[f * RECORDS + i] = label
      data.set(bytes.subarray(start + 1, start + RECORD), (f * RECORDS + i) * PIXELS)
    }
  }
  return createDataset({
    name: 'cifar10',
    inputs: { data, shape: SHAPE },
    targets: { task: 'classification', labels, classes: CLASSES },
  })
}
