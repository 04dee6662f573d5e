import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Reference } from '../document.ts'
import { openRecords, type Records } from '../references/index.ts'
import { readBibtex } from './bibtex/readBibtex.ts'
import { type FrontMatter, type Parted, partFrontMatter } from './frontMatter.ts'
import { type Built as Read, readSource } from './readSource.ts'
import type { Report } from './report.ts'

export interface BuildOptions {
  /** Folder of runs; default: what the front matter says, from the source's folder, else `runs` there. */
  readonly runs?: string
  /** What is read already, as that of a draft; taken where it is of the same folders. */
  readonly records?: Records | undefined
}

export interface Built extends Read {
  readonly front: FrontMatter
  readonly records: Records
}

/**
 * Builds the document of a write-up in Markdown from stored runs.
 *
 * @throws UsageError naming file and line
 *
 * @example
 * const { document } = await buildReport('report.md')
 */
export async function buildReport(path: string, options: BuildOptions = {}): Promise<Built> {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`there is no write-up ${file}`)
  return built(file, partFrontMatter(readFileSync(file, 'utf8'), basename(file)), options)
}

/**
 * Builds the document of a write-up in TypeScript.
 *
 * @param path of its file, which paths in it start from
 * @throws UsageError naming the line of the body
 *
 * @example
 * const { document } = await buildLoaded(report({ title: 'Sinc', body: '…' }), 'report.ts')
 */
export const buildLoaded = ({ front, body }: Report, path: string, options: BuildOptions = {}): Promise<Built> =>
  built(resolve(path), { front, body, line: 1 }, options, `${basename(path)}, body`)

async function built(
  path: string,
  { front, body, line }: Parted,
  { runs, records: read }: BuildOptions,
  file = basename(path),
): Promise<Built> {
  const folder = dirname(path)
  const root = runs === undefined ? resolve(folder, front.runs ?? 'runs') : resolve(runs)
  const records = read?.runs === root && read.folder === folder ? read : openRecords(root, folder)
  const references = [...(front.references ?? []), ...bibliographyOf(front, folder)]
  return { ...(await readSource({ file, front, body, line, references }, records)), front, records }
}

/** The works of the .bib file that the front matter names. */
function bibliographyOf({ bibliography }: FrontMatter, folder: string): Reference[] {
  if (bibliography === undefined) return []
  const path = resolve(folder, bibliography)
  if (!existsSync(path)) throw new UsageError(`there is no bibliography ${path}: the front matter names it`)
  try {
    return readBibtex(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${bibliography}: ${error.message}`)
    throw error
  }
}
