import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { z } from 'zod'
import { UsageError } from '../errors.ts'
import { lockState } from './lock.ts'
import { type Manifest, manifestSchema } from './manifest.ts'
import { type MetricRecord, parseRecords } from './records.ts'
import { type Summary, summarize, summarySchema } from './summary.ts'

/** A run on disk. A `running` run that no process writes any more reads as `interrupted`. */
export interface Run {
  readonly id: string
  /** Absolute path. */
  readonly folder: string
  readonly manifest: Manifest
}

/** What a folder of runs holds: runs, newest first, and the folders that look like runs but cannot be read. */
export interface RunList {
  readonly runs: readonly Run[]
  readonly damaged: readonly { readonly folder: string; readonly reason: string }[]
}

const has = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

async function readJson<T>(path: string, schema: z.ZodType<T>, wayOut: string): Promise<T> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (has(error, 'ENOENT') || has(error, 'ENOTDIR')) throw new UsageError(`${path} is not there: ${wayOut}`)
    throw error
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError(`${path} is not JSON: ${wayOut}`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`${path} is damaged at ${issue?.path.join('.') || 'its top'} (${issue?.message}): ${wayOut}`)
}

/**
 * The manifest of a run's folder, as it is on disk.
 *
 * @throws UsageError when the folder holds no valid manifest
 */
export const readManifest = (folder: string): Promise<Manifest> =>
  readJson(join(folder, 'manifest.json'), manifestSchema, 'give the folder of a run, or restore the file')

async function readRun(folder: string): Promise<Run> {
  const manifest = await readManifest(folder)
  const abandoned = manifest.status === 'running' && lockState(folder) !== 'held'
  return {
    id: manifest.id,
    folder: resolve(folder),
    manifest: abandoned ? { ...manifest, status: 'interrupted' } : manifest,
  }
}

/**
 * The runs of a folder, newest first. A damaged run is reported beside them, never fatal: one bad folder must not hide the others.
 * A folder that is not there holds no runs.
 *
 * @example
 * const { runs, damaged } = await listRuns('runs')
 */
export async function listRuns(root: string): Promise<RunList> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (has(error, 'ENOENT')) return []
    throw error
  })
  const folders = entries.filter((e) => e.isDirectory() && !e.name.startsWith('.')).map((e) => join(root, e.name))
  const runs: Run[] = []
  const damaged: { folder: string; reason: string }[] = []
  for (const folder of folders) {
    try {
      runs.push(await readRun(folder))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      damaged.push({ folder, reason: error.message })
    }
  }
  const newest = (a: Run, b: Run) => b.manifest.createdAt.localeCompare(a.manifest.createdAt) || (a.id < b.id ? 1 : -1)
  return { runs: runs.sort(newest), damaged }
}

/**
 * Finds one run.
 *
 * @param root - folder of runs
 * @param reference - `latest`, an id, the beginning of an id, or the path of a run's folder
 * @throws UsageError when no run, or more than one, fits; the message lists ids that are near
 *
 * @example
 * const run = await openRun('runs', 'mnist-convnet-s7')
 */
export async function openRun(root: string, reference: string): Promise<Run> {
  const { runs } = await listRuns(root)
  if (reference === 'latest') {
    const [latest] = runs
    if (latest === undefined) throw new UsageError(`there is no run in ${root} yet: start one with assay run`)
    return latest
  }
  const exact = runs.find((run) => run.id === reference)
  if (exact) return exact
  if (await isFile(join(reference, 'manifest.json'))) return readRun(reference)
  // The run itself is damaged: say what is wrong with it rather than that it is unknown.
  if (await isFile(join(root, reference, 'manifest.json'))) return readRun(join(root, reference))
  const matches = runs.filter((run) => reference !== '' && run.id.startsWith(reference))
  const [match] = matches
  if (match && matches.length === 1) return match
  if (match) {
    throw new UsageError(`"${reference}" fits ${matches.length} runs: give more of the id (${listed(matches)})`)
  }
  if (runs.length === 0)
    throw new UsageError(`run "${reference}" is not known, and ${root} holds no runs: start one with assay run`)
  const name = basename(reference)
  const nearest = runs.toSorted((a, b) => shared(b.id, name) - shared(a.id, name))
  throw new UsageError(`run "${reference}" is not in ${root}: nearest are ${listed(nearest)}`)
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (s) => s.isFile(),
    () => false,
  )

function listed(runs: readonly Run[], limit = 5): string {
  const ids = runs.slice(0, limit).map((run) => run.id)
  return runs.length > limit ? `${ids.join(', ')} and ${runs.length - limit} more` : ids.join(', ')
}

/** How alike two ids are: the number of three-letter pieces of one that are in the other. */
function shared(id: string, reference: string): number {
  const pieces = Array.from({ length: Math.max(0, reference.length - 2) }, (_, i) => reference.slice(i, i + 3))
  return pieces.filter((piece) => id.includes(piece)).length
}

/**
 * The metric log of a run, in the order in which it was written; a torn last line is left out. Works while the run is written.
 *
 * @throws UsageError when the log is missing or damaged before its last line
 *
 * @example
 * const losses = (await readMetrics(run)).filter((r) => r.split === 'validation' && r.name === 'loss')
 */
export async function readMetrics(run: Pick<Run, 'folder'>): Promise<MetricRecord[]> {
  const path = join(run.folder, 'metrics.jsonl')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (has(error, 'ENOENT')) throw new UsageError(`${path} is not there: restore it, or give the folder of a run`)
    throw error
  })
  return parseRecords(text, path)
}

/**
 * `summary.json` of a run; undefined while it has none.
 *
 * @throws UsageError when the file is damaged
 *
 * @example
 * (await readSummary(run))?.test?.accuracy?.last // 0.991
 */
export async function readSummary(run: Pick<Run, 'folder'>): Promise<Summary | undefined> {
  const path = join(run.folder, 'summary.json')
  const saved = (await isFile(path)) ? await readJson(path, summarySchema, '').catch(() => undefined) : undefined
  if (saved !== undefined) return saved
  const records = await readMetrics(run)
  return records.length === 0 ? undefined : summarize(records)
}
