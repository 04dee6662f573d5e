import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap, { pMapIterable } from 'p-map'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import type { Shape } from '../../tensor/shape.ts'
import type { LeftOut, LoadHooks, StorageType } from '../dataset.ts'
import { sha256 } from '../sha256.ts'
import { createStoredDataset, type StoredDataset } from '../stored.ts'
import { cacheFolder } from './cacheFolder.ts'
import type { ClassFile, Listing } from './classFolders.ts'
import { bytesOf, openRecords } from './recordFile.ts'

/** How files become samples. */
export interface Decoder {
  readonly dtype: StorageType
  /** Of one sample. */
  readonly shape: Shape
  /** Everything that the samples depend on beside the files: other settings are other samples. */
  readonly settings: unknown
  /** One sample; what it throws says why the file is left out. */
  decode(path: string): Promise<Uint8Array | Float32Array>
}

export interface Decoded {
  readonly dataset: StoredDataset
  /** Files that could not be decoded. */
  readonly leftOut: readonly LeftOut[]
}

/** Files decoded at once; libuv has four threads for it. */
const CONCURRENCY = 8
/** Samples that may wait for one before them. */
const AHEAD = 64

/**
 * Decodes files into one file of records in the cache, in the order of the listing, or takes those of an earlier call when
 * neither files nor settings have changed since (lengths and times tell).
 *
 * @param name - of the data set
 * @param folder - where the files are; the cache keeps one version for each folder and settings
 */
export async function decodeFiles(
  { name, folder }: { readonly name: string; readonly folder: string },
  listing: Listing,
  decoder: Decoder,
  hooks: LoadHooks = {},
): Promise<Decoded> {
  const { classes, files } = listing
  const { dtype, shape, settings } = decoder
  const home = join(cacheFolder(), 'decoded', shortHash([folder, dtype, shape, settings]))
  const versions = await pMap(files, versionOf, { concurrency: 32 })
  const base = join(home, shortHash([classes, files.map(({ item, label }, i) => [item, label, versions[i]])]))
  const assembled = async (failures: Failures, fingerprint?: string): Promise<StoredDataset> => {
    const failed = new Set(failures.map(([index]) => index))
    const labels = Int32Array.from(files.filter((_, i) => !failed.has(i)).map(({ label }) => label))
    const inputs = await openRecords(`${base}.bin`, { dtype, shape, length: labels.length })
    return createStoredDataset({ name, inputs, targets: { task: 'classification', labels, classes } }, fingerprint)
  }
  const kept = await readNotes(base, files.length, bytesOf(decoder))
  if (kept !== undefined)
    return { dataset: await assembled(kept.failures, kept.fingerprint), leftOut: leftOut(files, kept.failures) }

  const part = `${base}.${randomUUID()}.part`
  try {
    await mkdir(home, { recursive: true })
    const failures = await writeRecords(part, files, decoder, (done) =>
      hooks.onProgress?.({ what: `decoding ${name}`, unit: 'files', done, total: files.length }),
    )
    await rename(part, `${base}.bin`)
    const dataset = await assembled(failures)
    // Written last: records without notes are not used.
    const notes: Notes = { version: 1, fingerprint: dataset.fingerprint, failures }
    await writeFile(part, JSON.stringify(notes))
    await rename(part, `${base}.json`)
    await removeOthers(home, base)
    return { dataset, leftOut: leftOut(files, failures) }
  } catch (error) {
    if (isFileError(error))
      throw new UsageError(
        `the decoded samples of ${name} cannot be kept in ${home} (${error.message}): make room there, or name another folder in ASSAY_CACHE`,
      )
    throw error
  } finally {
    await rm(part, { force: true }).catch(() => {})
  }
}

/** Length and times: what differs when a file was changed. */
const versionOf = ({ path }: ClassFile): Promise<string> =>
  stat(path).then(
    ({ size, mtimeMs, ctimeMs }) => `${size} ${mtimeMs} ${ctimeMs}`,
    // A link to nothing; decoding it says so.
    () => '',
  )

const shortHash = (value: unknown): string => sha256(JSON.stringify(value)).slice(0, 32)

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && 'syscall' in error

const leftOut = (files: readonly ClassFile[], failures: Failures): LeftOut[] =>
  failures.map(([index, reason]) => ({ item: files[index]?.item ?? '', reason }))

const notesSchema = z.strictObject({
  version: z.literal(1),
  fingerprint: z.string(),
  /** Number of a file in the listing, and why it has no record. */
  failures: z.array(z.tuple([z.int(), z.string()])),
})
type Notes = z.infer<typeof notesSchema>
type Failures = Notes['failures']

/** What was noted of records that are there and whole. */
async function readNotes(base: string, files: number, width: number): Promise<Notes | undefined> {
  const text = await readFile(`${base}.json`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const notes = notesSchema.safeParse(JSON.parse(text)).data
  const size = await stat(`${base}.bin`).then(
    (found) => found.size,
    () => -1,
  )
  return notes !== undefined && size === (files - notes.failures.length) * width ? notes : undefined
}

/** Bytes that are written at once. */
const BLOCK = 2 ** 20

async function writeRecords(
  path: string,
  files: readonly ClassFile[],
  { decode }: Decoder,
  tell: (done: number) => void,
): Promise<Failures> {
  const failures: Failures = []
  const decoded = pMapIterable(
    files.entries(),
    async ([index, file]) => {
      try {
        return { index, sample: await decode(file.path) }
      } catch (error) {
        return { index, reason: reasonOf(error) }
      }
    },
    { concurrency: CONCURRENCY, backpressure: AHEAD },
  )
  const out = await open(path, 'w')
  try {
    let block: Uint8Array[] = []
    let size = 0
    const write = async (): Promise<void> => {
      await out.appendFile(Buffer.concat(block))
      block = []
      size = 0
    }
    for await (const { index, sample, reason } of decoded) {
      if (sample === undefined) failures.push([index, reason])
      else {
        const bytes = new Uint8Array(sample.buffer, sample.byteOffset, sample.byteLength)
        block.push(bytes)
        size += bytes.length
      }
      if (size >= BLOCK) await write()
      tell(index + 1)
    }
    await write()
  } finally {
    await out.close()
  }
  return failures
}

/** The first line: some libraries append the stack of theirs. */
const reasonOf = (error: unknown): string => {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n')
  // What libvips says of some files that end too soon.
  return reason === '' || reason === 'Unknown error' ? 'it is damaged or cut short' : reason
}

const DAY_MS = 86_400_000

/** Removes what was decoded before files changed, and what somebody began long ago and never ended. */
async function removeOthers(home: string, base: string): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name)
    if (path.startsWith(base)) continue
    const isOld = !name.endsWith('.part') || Date.now() - (await stat(path)).mtimeMs > DAY_MS
    if (isOld) await rm(path, { force: true })
  }
}
