import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { z } from 'zod'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { lockState } from './lock.ts'
import { type Manifest, storedManifestSchema } from './manifest.ts'
import { type MetricRecord, parseRecords } from './records.ts'
import { type Summary, summarize, summarySchema } from './summary.ts'
import { inTurns } from './turns.ts'

/** A run on disk. A `running` run that no process writes any more reads as `interrupted`. */
export interface Run {
  readonly id: string
  /** Absolute path. */
  readonly folder: string
  readonly manifest: Manifest
}

export const runKind = new ResultKind<Run>()

/** A run's folder with something in it that cannot be read, and why. */
export interface Damaged {
  readonly folder: string
  readonly reason: string
}

/** What a folder of runs holds: runs, newest first, and the folders that look like runs but cannot be read. */
export interface RunList {
  readonly runs: readonly Run[]
  readonly damaged: readonly Damaged[]
}

export const runListKind = new ResultKind<RunList>()

const has = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code
const isAbsent = (error: unknown): boolean => has(error, 'ENOENT') || has(error, 'ENOTDIR')

function readJson<T>(path: string, schema: z.ZodType<T>, wayOut: string): T {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) throw new UsageError(`${path} is not there: ${wayOut}`)
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
export const readManifest = async (folder: string): Promise<Manifest> => manifestIn(folder)

const manifestIn = (folder: string): Manifest =>
  readJson(join(folder, 'manifest.json'), storedManifestSchema, 'give the folder of a run, or restore the file')

function readRun(folder: string): Run {
  const manifest = manifestIn(folder)
  const abandoned = manifest.status === 'running' && lockState(folder) !== 'held'
  return runKind.mark({
    id: manifest.id,
    folder: resolve(folder),
    manifest: abandoned ? { ...manifest, status: 'interrupted' } : manifest,
  })
}

/** What reading gave, or why it gave nothing. */
type Attempt<T> = { readonly value: T } | { readonly reason: string }

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { reason: error.message }
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
  const damaged: Damaged[] = []
  for (const [folder, found] of await inTurns(folders, (f) => [f, attempt(() => readRun(f))] as const))
    if ('value' in found) runs.push(found.value)
    else damaged.push({ folder, reason: found.reason })
  // Times are ISO 8601 in UTC, whose order as texts is theirs in time.
  const age = ({ id, manifest }: Run): string => `${manifest.createdAt} ${id}`
  return runListKind.mark({ runs: runs.sort((a, b) => (age(a) < age(b) ? 1 : -1)), damaged })
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
  const own = join(root, reference)
  if (basename(own) === reference && isFile(join(own, 'manifest.json'))) {
    const run = readRun(own)
    if (run.id === reference) return run
  }
  const { runs } = await listRuns(root)
  if (reference === 'latest') {
    const [latest] = runs
    if (latest === undefined) throw new UsageError(`there is no run in ${root} yet: start one with assay run`)
    return latest
  }
  const exact = runs.find((run) => run.id === reference)
  if (exact) return exact
  if (isFile(join(reference, 'manifest.json'))) return readRun(reference)
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

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

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
export const readMetrics = async (run: Pick<Run, 'folder'>): Promise<MetricRecord[]> => metricsIn(run.folder)

function metricsIn(folder: string): MetricRecord[] {
  const path = join(folder, 'metrics.jsonl')
  try {
    return parseRecords(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if (isAbsent(error)) throw new UsageError(`${path} is not there: restore it, or give the folder of a run`)
    throw error
  }
}

/**
 * `summary.json` of a run, or where it is missing or damaged the same from its log; undefined while it has no records.
 *
 * @throws UsageError when the log is needed and cannot be read
 *
 * @example
 * (await readSummary(run))?.test?.accuracy?.last // 0.991
 */
export const readSummary = async (run: Pick<Run, 'folder'>): Promise<Summary | undefined> => summaryIn(run.folder)

function summaryIn(folder: string): Summary | undefined {
  const saved = attempt(() => readJson(join(folder, 'summary.json'), summarySchema, 'restore it'))
  if ('value' in saved) return saved.value
  const records = metricsIn(folder)
  return records.length === 0 ? undefined : summarize(records)
}

/** A run and what came of it. */
export interface SummarizedRun {
  readonly run: Run
  readonly summary?: Summary
}

/**
 * Runs with their summaries, in their order. One whose summary and log are damaged has none, and is told of.
 *
 * @example
 * const { summaries } = await summariesOf((await listRuns('runs')).runs)
 */
export async function summariesOf(
  runs: readonly Run[],
): Promise<{ readonly summaries: readonly SummarizedRun[]; readonly damaged: readonly Damaged[] }> {
  const damaged: Damaged[] = []
  const summaries = await inTurns(runs, (run): SummarizedRun => {
    const found = attempt(() => summaryIn(run.folder))
    if ('reason' in found) damaged.push({ folder: run.folder, reason: found.reason })
    return { run, ...('value' in found && found.value !== undefined && { summary: found.value }) }
  })
  return { summaries, damaged }
}
