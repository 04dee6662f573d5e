import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { type Entry, listed } from '../../data/files/classFolders.ts'
import type { DataSource, LoadHooks } from '../../data/index.ts'
import { EXTENSIONS as IMAGES } from '../../data/sources/imageFolder.ts'
import type { Encoding } from '../../data/table/encoding.ts'
import { UsageError } from '../../errors.ts'
import { idxSamples, isIdx } from './idxFiles.ts'
import { type MediaOptions, mediaSamples, SOUNDS } from './mediaFiles.ts'
import type { TestedModel } from './model.ts'
import type { Samples } from './samples.ts'
import { isTable, TABLES, tableSamples } from './tableFiles.ts'

export interface FileOptions extends MediaOptions {
  /** How the rows of a table become samples, of a model that was trained on a table. */
  readonly encoding?: Encoding
  /** Column to be predicted, for a model that was not trained on a table. */
  readonly targetColumn?: string
  /** Part of a folder that has several; default `test`. */
  readonly split?: 'train' | 'test'
  /** The model's own data source: new files are read as its files were. */
  readonly source?: DataSource
}

/**
 * Samples from new files: one image or recording; a folder of them, flat or with a folder for each class; a table with or without what is
 * to be predicted; IDX files, with labels where their file lies beside. Files are read as those that the model was trained on.
 *
 * @throws UsageError where there is no such file, or nothing in it that can be read
 *
 * @example
 * const samples = await samplesFromFiles('photos', model)
 */
export async function samplesFromFiles(
  path: string,
  model: TestedModel,
  options: FileOptions = {},
  hooks: LoadHooks = {},
): Promise<Samples> {
  const place = resolve(path)
  const found = await stat(place).catch(() => undefined)
  if (found === undefined)
    throw new UsageError(`there is no "${path}": give a file, a folder, an experiment file or a known data set`)
  if (found.isDirectory()) return folderSamples(place, model, options, hooks)
  if (isIdx(place)) return idxSamples(place, model)
  if (isTable(place)) return tableSamples(place, model, options, hooks)
  const end = extname(place).toLowerCase()
  if (!IMAGES.includes(end) && !SOUNDS.includes(end))
    throw new UsageError(
      `${path} is nothing that can be read as samples: give images (${IMAGES.join(', ')}), recordings (${SOUNDS.join(', ')}), a table (${TABLES.join(', ')}), IDX files, or a folder of these`,
    )
  const name = basename(place)
  const listing = { classes: [], files: [{ path: place, item: name, label: 0 }], leftOut: [] }
  return mediaSamples({ name, folder: place, ...listing }, model, options, hooks)
}

async function folderSamples(
  folder: string,
  model: TestedModel,
  options: FileOptions,
  hooks: LoadHooks,
): Promise<Samples> {
  const { split = 'test' } = options
  const entries = await listed(folder)
  const has = (name: string): boolean => entries.some((entry) => entry.isFolder && entry.name === name)
  // A folder as `imageFolder` takes it, divided already.
  if (has('train') && has('test')) return folderSamples(join(folder, split), model, { ...options, split }, hooks)
  const idx = idxIn(entries, split)
  if (idx !== undefined) return idxSamples(join(folder, idx), model)
  const name = basename(folder)
  const files = entries.filter(({ isFolder }) => !isFolder).map((entry) => entry.name)
  const taken = files.filter((file) => [...IMAGES, ...SOUNDS].includes(extname(file).toLowerCase()))
  if (!entries.some(({ isFolder }) => isFolder)) {
    if (taken.length === 0)
      throw new UsageError(`${folder} has no images (${IMAGES.join(', ')}) and no recordings (${SOUNDS.join(', ')})`)
    const others = files.filter((file) => !taken.includes(file))
    return mediaSamples(
      {
        name,
        folder,
        classes: [],
        files: taken.map((item) => ({ path: join(folder, item), item, label: 0 })),
        leftOut: others.map((item) => ({ item, reason: 'is no image or recording by its name' })),
      },
      model,
      options,
      hooks,
    )
  }
  return mediaSamples({ name, folder }, model, options, hooks)
}

/** The images of a folder of IDX files; of several, those of the split. */
function idxIn(entries: readonly Entry[], split: 'train' | 'test'): string | undefined {
  const found = entries.filter(({ name, isFolder }) => !isFolder && isIdx(name)).map(({ name }) => name)
  return found.find((name) => name.startsWith(split === 'test' ? 't10k' : 'train')) ?? found[0]
}
