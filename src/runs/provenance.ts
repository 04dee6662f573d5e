import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import * as z from 'zod'
import type { Manifest } from './manifest.ts'

/** Lock files of package managers, in the order in which they are looked for. */
export const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']
const GIT_TIMEOUT_MS = 5_000
const MAX_DIFF_BYTES = 256 * 2 ** 20

const sha256 = (...parts: readonly Uint8Array[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

const readIfThere = (path: string): Promise<Uint8Array | undefined> => readFile(path).catch(() => undefined)

/** The output of a git command, or undefined where git fails, is missing or takes too long: provenance never stops a run. */
function git(cwd: string, args: readonly string[]): Promise<Buffer | undefined> {
  return new Promise((done) => {
    const options = {
      cwd,
      encoding: 'buffer' as const,
      timeout: GIT_TIMEOUT_MS,
      maxBuffer: MAX_DIFF_BYTES,
      // Reading the state must not take the index lock away from a commit that the user is making.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    }
    execFile('git', args, options, (error, stdout) => done(error ? undefined : stdout))
  })
}

/**
 * Which code a run is made by: commit, hash of uncommitted changes, and the experiment file with its hash.
 * Without git, or outside a repository, the commit is absent. A commit is named only when its changes could be read too,
 * so that `commit` without `dirty` always means "exactly this commit".
 *
 * @param file - the experiment file; without one, the state of the current folder
 *
 * @example
 * await codeState('examples/mnist-convnet.ts') // { commit: '0116b28…', file: 'examples/mnist-convnet.ts', fileHash: '…' }
 */
export async function codeState(file?: string): Promise<Manifest['code']> {
  const path = file === undefined ? undefined : resolve(file)
  const cwd = path === undefined ? process.cwd() : dirname(path)
  const [bytes, head, diff, untracked] = await Promise.all([
    path === undefined ? undefined : readIfThere(path),
    git(cwd, ['rev-parse', '--verify', 'HEAD']),
    git(cwd, ['diff', 'HEAD', '--no-relative', '--binary', '--no-ext-diff', '--no-textconv', '--no-color']),
    path === undefined ? undefined : git(cwd, ['ls-files', '--others', '--', path]),
  ])
  const newFile = untracked !== undefined && untracked.length > 0 ? bytes : undefined
  const dirty = diff !== undefined && (diff.length > 0 || newFile !== undefined)
  return {
    ...(head && diff && { commit: head.toString().trim() }),
    ...(head && dirty && { dirty: sha256(diff, ...(newFile ? [newFile] : [])) }),
    // Relative and with slashes, so that a run folder says nothing about its owner's home and reads alike everywhere.
    ...(path !== undefined && { file: relative(process.cwd(), path).split(sep).join('/') }),
    ...(bytes && { fileHash: sha256(bytes) }),
  }
}

/**
 * SHA-256 of the lock file that pins the dependencies: the nearest one at or above `folder`; undefined where there is none.
 *
 * @example
 * await lockFileHash() // '5f2a…'
 */
export async function lockFileHash(folder: string = process.cwd()): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    for (const name of LOCK_FILES) {
      const bytes = await readIfThere(join(at, name))
      if (bytes) return sha256(bytes)
    }
    if (at === dirname(at)) return undefined
  }
}

/**
 * The machine a run is made on; `cores` are those that this process may use.
 *
 * @example
 * machineState() // { platform: 'linux', arch: 'x64', cpu: '…', cores: 2, memoryGB: 7.8 }
 */
export function machineState(): Manifest['machine'] {
  return {
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  }
}

/**
 * Versions of what computes: Assay, Node and ONNX Runtime (`'unknown'` where a package cannot be found).
 *
 * @example
 * await versionState() // { assay: '0.1.0', node: '20.19.0', onnxruntime: '1.30.0' }
 */
export async function versionState(): Promise<Manifest['versions']> {
  const require = createRequire(import.meta.url)
  // The entry point is resolved, not package.json: `exports` may hide the latter.
  const entry = (() => {
    try {
      return require.resolve('onnxruntime-node')
    } catch {
      return undefined
    }
  })()
  return {
    assay: await versionOf('assay', import.meta.dirname),
    node: process.versions.node,
    onnxruntime: entry === undefined ? 'unknown' : await versionOf('onnxruntime-node', dirname(entry)),
  }
}

/**
 * Entries of a state that are others by now, each as `node 20.19.0, now 22.1.0`. One that was not known before has not changed.
 *
 * @example
 * changedEntries(manifest.versions, await versionState())
 */
export const changedEntries = (
  before: Readonly<Record<string, string | number | undefined>>,
  now: Readonly<Record<string, string | number | undefined>>,
): string[] =>
  Object.entries(before).flatMap(([name, value]) =>
    value === undefined || value === now[name] ? [] : [`${name} ${value}, now ${now[name] ?? 'unknown'}`],
  )

const packageSchema = z.object({ name: z.string(), version: z.string() })

async function versionOf(name: string, folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const bytes = await readIfThere(join(at, 'package.json'))
    const found = bytes && packageSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
    if (found?.success && found.data.name === name) return found.data.version
    if (at === dirname(at)) return 'unknown'
  }
}
