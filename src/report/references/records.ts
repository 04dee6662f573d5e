import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import {
  type MetricRecord,
  openRuns,
  type Run,
  type RunGroup,
  readMetrics,
  readSummary,
  type Summary,
} from '../../runs/index.ts'

/** What a write-up refers to, as it lies on disk: each thing is read once. */
export interface Records {
  /** Folder of runs. */
  readonly runs: string
  /** Folder that paths in a write-up start from. */
  readonly folder: string
  /** Groups by what a person calls them: see `openRuns`. */
  groups(reference: string): Promise<readonly RunGroup[]>
  summary(run: Run): Promise<Summary>
  metrics(run: Run): Promise<readonly MetricRecord[]>
  /** What `make` gives, made once for each key. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>
  /** All runs that were asked for so far. */
  used(): readonly Run[]
}

/**
 * Opens a folder of runs for one evaluation: what was read is kept, so that a write-up sees one state of the runs.
 *
 * @param folder - of the write-up, which paths in it start from; default: the one that holds the folder of runs
 *
 * @example
 * const records = openRecords('runs')
 */
export function openRecords(runs: string, folder: string = dirname(resolve(runs))): Records {
  const kept = new Map<string, Promise<unknown>>()
  const used = new Map<string, Run>()
  function once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const before = kept.get(key)
    // A key is of one maker, whose result it holds.
    if (before !== undefined) return before as Promise<T>
    const made = make()
    kept.set(key, made)
    return made
  }
  const root = resolve(runs)
  return {
    runs: root,
    folder: resolve(folder),
    once,
    groups: (reference) =>
      once(`groups ${reference}`, async () => {
        if (!existsSync(root))
          throw new UsageError(
            `there is no folder of runs ${root}: give another with runs: in the front matter, or --runs`,
          )
        const { groups } = await openRuns(root, [reference])
        for (const run of groups.flatMap((group) => group.runs)) used.set(run.id, run)
        return groups
      }),
    summary: (run) => once(`summary ${run.id}`, async () => (await readSummary(run)) ?? {}),
    metrics: (run) => once(`metrics ${run.id}`, () => readMetrics(run)),
    used: () => [...used.values()],
  }
}

/**
 * A folder by a name or a path: `studies/NAME` beside the runs or the write-up, or the path from the write-up.
 *
 * @throws UsageError naming what is there
 */
export function folderNamed(records: Records, kind: 'study' | 'profile', name: string, file: string): string {
  const plural = kind === 'study' ? 'studies' : 'profiles'
  const places = [
    resolve(records.folder, name),
    join(records.folder, plural, name),
    join(dirname(records.runs), plural, name),
  ]
  const found = places.find((place) => existsSync(join(place, file)))
  if (found !== undefined) return found
  const there = [...new Set([join(records.folder, plural), join(dirname(records.runs), plural)])].flatMap(
    foldersOf(file),
  )
  if (there.length > 0) throw new UsageError(missingName(plural, kind, name, there))
  throw new UsageError(`there is no ${kind} "${name}": neither ${places.join(' nor ')} holds a ${file}`)
}

const foldersOf =
  (file: string) =>
  (place: string): string[] =>
    existsSync(place)
      ? readdirSync(place, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && existsSync(join(place, entry.name, file)))
          .map(({ name }) => basename(name))
      : []
