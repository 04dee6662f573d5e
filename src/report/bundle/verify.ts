import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { UsageError } from '../../errors.ts'
import { type BundleManifest, bundleManifestSchema, parseSums } from './manifest.ts'
import { countedPages, pdfPages } from './pdfPages.ts'
import { tooLong } from './reports.ts'

/** One thing that was looked at. */
export interface Check {
  readonly what: string
  readonly isGood: boolean
  readonly text: string
}

/** A bundle taken out of its zip. */
export interface OpenedBundle {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Undefined where MANIFEST.json is missing or damaged. */
  readonly manifest: BundleManifest | undefined
  /** Writes it all into a new folder, whose path is given to `use`, and removes that afterwards. */
  unpacked<T>(use: (folder: string) => Promise<T>): Promise<T>
}

/**
 * Opens a bundle.
 *
 * @throws UsageError where the file is not there, is no zip, or holds paths that lead out of it
 */
export async function openBundle(path: string): Promise<OpenedBundle> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`there is no ${path}: give a zip that assay export bundle has made`)
  })
  const files = new Map(Object.entries(unzipped(bytes, path)).filter(([name]) => !name.endsWith('/')))
  for (const name of files.keys())
    if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..') || /^[A-Za-z]:/.test(name))
      throw new UsageError(`${path} holds "${name}", which leads out of its folder: it is no bundle`)
  const list = files.get('MANIFEST.json')
  return {
    files,
    manifest: list && manifestIn(list),
    unpacked: async (use) => {
      const folder = await mkdtemp(join(tmpdir(), 'assay-bundle-'))
      try {
        for (const [name, content] of files) {
          await mkdir(dirname(join(folder, name)), { recursive: true })
          await writeFile(join(folder, name), content)
        }
        return await use(folder)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

function unzipped(bytes: Uint8Array, path: string): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes)
  } catch (error) {
    throw new UsageError(
      `${path} cannot be unpacked (${error instanceof Error ? error.message : error}): make it again`,
      { cause: error },
    )
  }
}

function manifestIn(bytes: Uint8Array): BundleManifest | undefined {
  try {
    return bundleManifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  } catch {
    return undefined
  }
}

/** Everything that can be said of a bundle without running it: its sums, its files, its pages, and what it says is missing. */
export function checkBundle({ files, manifest }: OpenedBundle, { pages }: { readonly pages?: number } = {}): Check[] {
  const sums = files.get('SHA256SUMS')
  if (manifest === undefined || sums === undefined)
    return [
      check(
        'list',
        false,
        `${manifest === undefined ? 'MANIFEST.json' : 'SHA256SUMS'} is missing or damaged: make the bundle again`,
      ),
    ]
  const expected = parseSums(new TextDecoder().decode(sums))
  const wrong = [...expected].flatMap(([path, sha256]) => {
    const bytes = files.get(path)
    if (bytes === undefined) return []
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? [] : [path]
  })
  const others = manifest.files.filter(({ path, sha256 }) => expected.get(path) !== sha256).map(({ path }) => path)
  const absent = [...new Set([...expected.keys(), ...manifest.files.map(({ path }) => path)])].filter(
    (path) => !files.has(path),
  )
  const strange = [...files.keys()].filter((path) => !expected.has(path) && path !== 'SHA256SUMS')
  const bad = [...new Set([...wrong, ...others])]
  const limit = pages ?? manifest.pageLimit
  return [
    check(
      'sums',
      bad.length === 0,
      bad.length === 0
        ? `${expected.size} files have the SHA-256 that is listed`
        : `changed since it was made: ${listed(bad)}`,
    ),
    check(
      'files',
      absent.length + strange.length === 0,
      absent.length + strange.length === 0
        ? `all ${manifest.files.length} files of MANIFEST.json are there, and no others`
        : [
            absent.length > 0 ? `not there: ${listed(absent)}` : '',
            strange.length > 0 ? `not in the list: ${listed(strange)}` : '',
          ]
            .filter(Boolean)
            .join('; '),
    ),
    ...pageChecks(files, limit),
    ...manifest.missing.filter(({ isRequired }) => isRequired).map(({ about, text }) => check(about, false, text)),
  ]
}

function pageChecks(files: OpenedBundle['files'], limit: number | undefined): Check[] {
  return [...files].flatMap(([path, bytes]) => {
    if (!path.startsWith('report/') || !path.endsWith('.pdf')) return []
    const [count, all] = [countedPages(bytes), pdfPages(bytes)]
    if (count === undefined) return [check('pages', false, `the pages of ${path} cannot be counted`)]
    const [over] = tooLong({ [path]: count }, limit)
    return [
      check(
        'pages',
        over === undefined,
        over?.text ??
          `${path} has ${count}${limit === undefined ? '' : ` of at most ${limit}`} pages${all === count ? '' : `, and ${all} with its appendix`}`,
      ),
    ]
  })
}

const check = (what: string, isGood: boolean, text: string): Check => ({ what, isGood, text })

/** Names in a message. */
const MOST_NAMES = 5
const listed = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : names.join(', ')
