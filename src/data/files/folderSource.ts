import { basename, join, resolve } from 'node:path'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { foldIn, key } from '../../random/index.ts'
import type { LeftOut, LoadHooks, MemoryDataset, Splits } from '../dataset.ts'
import { holdOut } from '../splits/index.ts'
import { loadIntoMemory, type StoredDataset, subset } from '../stored.ts'
import {
  type ClassFile,
  type Entry,
  type Listing,
  type ListOptions,
  listClassFolders,
  listed,
  outside,
} from './classFolders.ts'
import { type Decoder, decodeFiles } from './decodedFiles.ts'
import { bytesOf } from './recordFile.ts'

/** Options of all sources that read a folder with one folder for each class. */
export interface FolderOptions {
  /**
   * Test samples that are held out, with the classes' proportions: a count, or a share below 1; 0 for none. Default 0.2. Not
   * for a folder that has `train` and `test`.
   */
  readonly test?: number
  /** Another seed holds out others; default 0. */
  readonly seed?: number
  /**
   * Whether decoded samples are kept in memory, or on disk and read batch by batch. Default: in memory up to 512 MB. Both
   * give the same data set, and the same training.
   */
  readonly keep?: 'memory' | 'disk'
}

/** Checks {@link FolderOptions}, as a part of a source's own. */
export const folderSchema = {
  test: z.number().min(0).optional(),
  seed: z.int().min(0).optional(),
  keep: z.enum(['memory', 'disk']).optional(),
}

/** Samples of one kind in folders. */
export interface FolderSource extends FolderOptions {
  readonly folder: string
  readonly kind: Omit<ListOptions, 'prefix'>
  /** What decodes these files, which are at least one. */
  decoder(files: readonly ClassFile[], hooks: LoadHooks): Promise<Decoder>
}

/** Bytes of decoded samples that are kept in memory unless told otherwise. */
const MEMORY = 512 * 2 ** 20

/**
 * Loads a folder that has one folder for each class, or `train` and `test` that have them. Nothing depends on the order in
 * which the file system lists files.
 *
 * @throws UsageError when there are not two classes, or one of them has no file that can be decoded
 */
export async function loadFolder(source: FolderSource, hooks: LoadHooks = {}): Promise<Splits> {
  const folder = resolve(source.folder)
  const entries = await listed(folder)
  const isDivided = PARTS.every((part) => entries.some(({ name, isFolder }) => isFolder && name === part))
  if (isDivided && source.test !== undefined)
    throw new UsageError(`${folder} has a test split of its own, so "test" cannot be ${source.test}: leave it out`)
  const listings = isDivided
    ? await listParts(folder, entries, source)
    : { whole: await listClassFolders(folder, source.kind) }
  const files = Object.values(listings).flatMap((listing) => listing.files)
  const { what } = source.kind
  const { classes } = 'whole' in listings ? listings.whole : listings.train
  if (classes.length < 2)
    throw new UsageError(`${folder} has one class, ${classes[0]}: give a folder for each of two classes or more`)
  if (files.length === 0) throw new UsageError(`${folder} has no ${what}s (${source.kind.extensions.join(', ')})`)
  const decoder = await source.decoder(files, hooks)
  const name = basename(folder)
  const decode = async (listing: Listing, place: string) => {
    const decoded = await decodeFiles({ name, folder: place }, listing, decoder, hooks)
    return { ...decoded, leftOut: [...listing.leftOut, ...decoded.leftOut] }
  }

  let splits: { readonly train: StoredDataset; readonly test: StoredDataset; readonly leftOut: readonly LeftOut[] }
  if ('whole' in listings) {
    const { dataset, leftOut } = await decode(listings.whole, folder)
    requireSamples(dataset, what, leftOut)
    splits = { ...divided(dataset, source), leftOut }
  } else {
    const train = await decode(listings.train, join(folder, 'train'))
    const test = await decode(listings.test, join(folder, 'test'))
    const leftOut = [...train.leftOut, ...test.leftOut]
    requireSamples(train.dataset, what, leftOut)
    splits = { train: train.dataset, test: test.dataset, leftOut }
  }
  const { train, test, leftOut } = splits
  const bytes = (train.length + test.length) * bytesOf(decoder)
  const kept = (dataset: StoredDataset): Promise<MemoryDataset | StoredDataset> | StoredDataset =>
    (source.keep ?? (bytes <= MEMORY ? 'memory' : 'disk')) === 'memory' ? loadIntoMemory(dataset) : dataset
  return { train: await kept(train), test: await kept(test), ...(leftOut.length > 0 && { leftOut }) }
}

const PARTS = ['train', 'test']

/** Both parts, the test samples numbered by the classes of the training samples. */
async function listParts(
  folder: string,
  entries: readonly Entry[],
  { kind }: FolderSource,
): Promise<Readonly<Record<'train' | 'test', Listing>>> {
  const train = await listClassFolders(join(folder, 'train'), { ...kind, prefix: 'train/' })
  const found = await listClassFolders(join(folder, 'test'), { ...kind, prefix: 'test/' })
  const unknown = found.classes.find((name) => !train.classes.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`${join(folder, 'test', unknown)} is a class that ${join(folder, 'train')} does not have`)
  const numberOf = found.classes.map((name) => train.classes.indexOf(name))
  const beside = entries
    .filter(({ name, isFolder }) => isFolder && !PARTS.includes(name))
    .map(({ name }) => ({ item: `${name}/`, reason: 'lies beside train/ and test/, which are what is read' }))
  return {
    train: { ...train, leftOut: [...beside, ...outside(entries), ...train.leftOut] },
    test: {
      ...found,
      classes: train.classes,
      files: found.files.map((file) => ({ ...file, label: numberOf[file.label] ?? 0 })),
    },
  }
}

/** A class that nothing can be learnt of is a mistake in the folders. */
function requireSamples(
  { name, targets: { labels, classes } }: StoredDataset,
  what: string,
  leftOut: readonly LeftOut[],
): void {
  const missing = classes.find((_, c) => !labels.includes(c))
  if (missing === undefined) return
  const why = leftOut.find(({ item }) => item.startsWith(`${missing}/`) || item.startsWith(`train/${missing}/`))
  throw new UsageError(
    `${name}: the class ${missing} has no ${what} that can be read${why === undefined ? '' : ` (${why.item}: ${why.reason})`}: add some, or remove its folder`,
  )
}

function divided(dataset: StoredDataset, { test = 0.2, seed = 0 }: FolderOptions) {
  const count = test < 1 ? Math.round(test * dataset.length) : test
  if (test !== 0 && (count < 1 || count >= dataset.length))
    throw new UsageError(
      `${dataset.name}: test is ${test} of ${dataset.length} samples: give a count from 1 to ${dataset.length - 1}, a share below 1 that leaves both splits a sample, or 0`,
    )
  if (test === 0) return { train: dataset, test: subset(dataset, new Uint32Array()) }
  const division = holdOut({ validation: test }).divide(dataset, foldIn(key(seed), 'test'))
  return { train: subset(dataset, division.train), test: subset(dataset, division.validation) }
}
