import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { LeftOut } from '../dataset.ts'

/** A file of one class. */
export interface ClassFile {
  readonly path: string
  /** Path from the listed folder on, with slashes: a name for messages, alike on every machine. */
  readonly item: string
  /** Number of its class. */
  readonly label: number
}

/** What lies in a folder that has a folder for each class. */
export interface Listing {
  /** In the order of code points. */
  readonly classes: readonly string[]
  /** Class by class, by name in the order of code points; the file system's order says nothing. */
  readonly files: readonly ClassFile[]
  readonly leftOut: readonly LeftOut[]
}

export interface ListOptions {
  /** What is looked for, in messages: `image`. */
  readonly what: string
  /** Endings of names that are taken, in small letters: `.png`. */
  readonly extensions: readonly string[]
  /** Goes before the names of items: `train/`. */
  readonly prefix?: string
}

/**
 * Lists a folder with one folder for each class. Folders inside a class are walked through; hidden files are passed over.
 *
 * @throws UsageError when there is no such folder, or no class in it
 */
export async function listClassFolders(root: string, options: ListOptions): Promise<Listing> {
  const { what, extensions, prefix = '' } = options
  const entries = await listed(root)
  const classes = entries.filter(({ isFolder }) => isFolder).map(({ name }) => name)
  if (classes.length === 0)
    throw new UsageError(
      `${root} has no folders: put the ${what}s of each class into a folder of its own, named as the class`,
    )
  const leftOut = outside(entries).map((one) => ({ ...one, item: prefix + one.item }))
  const files: ClassFile[] = []
  for (const [label, name] of classes.entries()) {
    const items = await walk(root, name)
    const taken = items.filter((item) => extensions.includes(extname(item).toLowerCase()))
    const others = items.filter((item) => !extensions.includes(extname(item).toLowerCase()))
    leftOut.push(
      ...others.map((item) => ({
        item: prefix + item,
        reason: `is no ${what} by its name (${extensions.join(', ')})`,
      })),
    )
    files.push(...taken.map((item) => ({ path: join(root, item), item: prefix + item, label })))
  }
  return { classes, files, leftOut }
}

/** Files beside the folders. */
export const outside = (entries: readonly Entry[]): LeftOut[] =>
  entries.filter(({ isFolder }) => !isFolder).map(({ name }) => ({ item: name, reason: 'lies in no class’s folder' }))

/** Paths of all files below, from `root` on, in the order of their names at each level. */
async function walk(root: string, folder: string): Promise<string[]> {
  const items: string[] = []
  for (const { name, isFolder } of await listed(join(root, folder))) {
    const item = `${folder}/${name}`
    if (isFolder) items.push(...(await walk(root, item)))
    else items.push(item)
  }
  return items
}

export interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/** What is in a folder, by name in the order of code points, without hidden files. */
export async function listed(folder: string): Promise<Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown): never => {
    throw new UsageError(
      `${folder} cannot be listed (${String(error)}): give a folder that has one folder for each class`,
    )
  })
  const visible = entries.filter(({ name }) => !name.startsWith('.'))
  const found = await Promise.all(
    visible.map(async (entry) => ({ name: entry.name, isFolder: await isFolder(folder, entry) })),
  )
  return found.sort((a, b) => byCodePoint(a.name, b.name))
}

/** Links are followed. */
const isFolder = async (folder: string, entry: Dirent): Promise<boolean> =>
  entry.isSymbolicLink()
    ? stat(join(folder, entry.name)).then(
        (target) => target.isDirectory(),
        () => false,
      )
    : entry.isDirectory()

/** The order of UTF-8 and of Python; `<` has the surrogates, which stand for the code points above all others, too low. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [unitA, unitB] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (unitA !== unitB) return rank(unitA) - rank(unitB)
  }
  return a.length - b.length
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
