import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { build } from 'esbuild'
import * as z from 'zod'
import { LOCK_FILES, type Run } from '../../runs/index.ts'
import { type BundleFile, type Gap, noted, type Part, required } from './file.ts'

export interface CodeOptions {
  /** Folder in which the runs were started: experiment files are named relative to it (default: the current one). */
  readonly folder?: string
  /** Files and folders beside the experiments, relative to the folder. */
  readonly more?: readonly string[]
}

/** Never code, whatever folder they are in. */
const LEFT_OUT = ['node_modules', '.git', 'runs', 'reports', 'studies']

/**
 * The code of runs: their experiment files, what these import by relative paths, `package.json`, the lock file and `tsconfig.json`, as they lie in the
 * folder, so that commands work in `code/` as they did there. Packages are not put in: the lock file says which they were.
 */
export async function codeOf(
  runs: readonly Run[],
  { folder = process.cwd(), more = [] }: CodeOptions = {},
): Promise<Part> {
  const files = new Map<string, string>()
  const gaps: Gap[] = []
  const put = (path: string, what: string): void => {
    const place = relative(folder, path)
    if (place.startsWith('..'))
      gaps.push(
        required(
          'code',
          `${place} lies outside ${folder}, so that its place in code/ is not known: start in a folder above it`,
        ),
      )
    else if (!files.has(path)) files.set(path, what)
  }
  for (const [file, { hash, ids }] of filesOf(runs)) {
    const path = resolve(folder, file)
    const of = ids.length === 1 ? `run ${ids[0]}` : `${ids.length} runs`
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined) {
      gaps.push(required('code', `${file}, the experiment file of ${of}, is gone: put it back, or name it with --code`))
      continue
    }
    const now = createHash('sha256').update(bytes).digest('hex')
    if (hash !== undefined && now !== hash)
      gaps.push(
        required(
          'code',
          `${file} has changed since ${of}: it is ${now.slice(0, 12)} now and was ${hash.slice(0, 12)}. Put it back as it was, or train again`,
        ),
      )
    put(path, `experiment file of ${of}`)
    const { paths, fault } = await importsOf(path, folder)
    for (const imported of paths) put(imported, `imported by ${file}`)
    if (fault !== undefined)
      gaps.push(noted('code', `what ${file} imports could not be followed (${fault}): name it with --code`))
  }
  const nameless = runs.filter(({ manifest }) => manifest.code.file === undefined)
  if (nameless.length > 0)
    gaps.push(
      required('code', `${nameless.length} of ${runs.length} runs were not made from a file: name theirs with --code`),
    )
  for (const wanted of more) {
    const found = await filesIn(resolve(folder, wanted))
    if (found === undefined) gaps.push(required('code', `there is no ${wanted}, which --code names`))
    else for (const path of found) put(path, 'named with --code')
  }
  const made: BundleFile[] = [...files].map(([path, what]) => at(relative(folder, path), path, what))
  const own = await projectFiles(folder)
  const lock = own.find(({ path }) => LOCK_FILES.some((name) => path === `code/${name}`))
  gaps.push(...(await dependencyGaps(own.find(({ path }) => path === 'code/package.json'))))
  if (lock === undefined)
    gaps.push(
      noted('code', 'there is no lock file: which versions of packages were used is told by the manifests alone'),
    )
  else gaps.push(...(await lockGaps(lock, runs)))
  return { files: [...made, ...own.filter(({ path }) => !made.some((one) => one.path === path))], gaps }
}

const at = (place: string, file: string, what: string): BundleFile => ({
  path: `code/${place.split(sep).join('/')}`,
  content: { file },
  what,
})

/** Experiment files by name, with the hash that their runs were made from; a file that changed between runs is there once, as the last run had it. */
function filesOf(runs: readonly Run[]): Map<string, { readonly hash: string | undefined; readonly ids: string[] }> {
  const found = new Map<string, { readonly hash: string | undefined; readonly ids: string[] }>()
  const newest = runs.toSorted((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))
  for (const { id, manifest } of newest) {
    const { file, fileHash } = manifest.code
    if (file === undefined) continue
    const before = found.get(file)
    if (before === undefined) found.set(file, { hash: fileHash, ids: [id] })
    else before.ids.push(id)
  }
  return found
}

/** What a file imports by relative paths, and what that imports. */
async function importsOf(
  path: string,
  folder: string,
): Promise<{ readonly paths: readonly string[]; readonly fault?: string }> {
  try {
    const { metafile } = await build({
      ...{ entryPoints: [path], absWorkingDir: folder, bundle: true, write: false, metafile: true },
      ...{ packages: 'external', platform: 'node', format: 'esm', logLevel: 'silent' },
    })
    return { paths: Object.keys(metafile.inputs).map((input) => resolve(folder, input)) }
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-1)
    return { paths: [], fault: line }
  }
}

/** A file, or all files of a folder; undefined where there is none. */
async function filesIn(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const inside = await Promise.all(
    entries
      .filter(({ name }) => !LEFT_OUT.includes(name) && !name.startsWith('.'))
      .map(async (entry) =>
        entry.isDirectory() ? await filesIn(join(path, entry.name)) : entry.isFile() ? [join(path, entry.name)] : [],
      ),
  )
  return inside.flatMap((one) => one ?? [])
}

/** `package.json`, the lock file and `tsconfig.json`: the nearest, in the folder or above it. */
async function projectFiles(folder: string): Promise<BundleFile[]> {
  const project = [...above(folder)].find((one) =>
    ['package.json', ...LOCK_FILES].some((name) => existsSync(join(one, name))),
  )
  if (project === undefined) return []
  return ['package.json', ...LOCK_FILES, 'tsconfig.json'].flatMap((name) =>
    existsSync(join(project, name)) ? [at(name, join(project, name), 'which packages, and how they are compiled')] : [],
  )
}

function* above(folder: string): Generator<string> {
  yield folder
  if (dirname(folder) !== folder) yield* above(dirname(folder))
}

const packageSchema = z.object({
  name: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
})

/** Whether `npm install` in `code/` gets Assay. */
async function dependencyGaps(file: BundleFile | undefined): Promise<Gap[]> {
  if (file === undefined || !('file' in file.content))
    return [noted('code', 'there is no package.json, so that npm install in code/ does not get Assay')]
  const { data } = packageSchema.safeParse(parsed(await readFile(file.content.file, 'utf8')))
  const wanted = data?.dependencies?.assay ?? data?.devDependencies?.assay
  if (data?.name === 'assay') return []
  if (wanted === undefined)
    return [noted('code', 'package.json has no dependency assay, so that npm install in code/ does not get it')]
  return wanted.startsWith('file:')
    ? [noted('code', `package.json takes assay from ${wanted}, which is not there on other machines`)]
    : []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function lockGaps({ path, content }: BundleFile, runs: readonly Run[]): Promise<Gap[]> {
  if (!('file' in content)) return []
  const now = createHash('sha256')
    .update(await readFile(content.file))
    .digest('hex')
  const others = runs.filter(({ manifest }) => manifest.lockFileHash !== undefined && manifest.lockFileHash !== now)
  return others.length === 0
    ? []
    : [noted('code', `${path.slice('code/'.length)} has changed since ${others.length} of ${runs.length} runs`)]
}
