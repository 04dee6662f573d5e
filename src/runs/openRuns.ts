import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { closestMatch } from 'leven'
import { UsageError } from '../errors.ts'
import { groupOfOne, labelled, type RunGroup, unlabelledGroups } from './groups.ts'
import { listRuns, openRun, type Run, type RunList } from './read.ts'
import { slug } from './store.ts'

/** Groups that were asked for, in that order, and damaged folders that may have been runs of them. */
export interface OpenedRuns {
  readonly groups: readonly RunGroup[]
  readonly damaged: RunList['damaged']
}

/**
 * Groups of runs by what a person calls them.
 *
 * @param root - folder of runs
 * @param references - each an id of a run, its beginning, its folder or `latest` (that run alone); the name of an experiment (all its
 * groups); the id of a group; `grid:NAME` or the name of a grid (all its cells)
 * @throws UsageError when one fits nothing, or several runs; the message lists names that are near
 *
 * @example
 * const { groups } = await openRuns('runs', ['sinc', 'grid:sinc-rates', 'mnist-convnet-s7-20261121-101502-ab12'])
 */
export async function openRuns(root: string, references: readonly string[]): Promise<OpenedRuns> {
  const { runs, damaged } = await listRuns(root)
  const all = unlabelledGroups(runs)
  const found = new Map<string, RunGroup>()
  for (const reference of references)
    for (const group of await resolved(root, reference, runs, all)) found.set(group.id, group)
  const groups = labelled([...found.values()])
  const begins = groups.map(({ name }) => `${slug(name)}-s`)
  return { groups, damaged: damaged.filter(({ folder }) => begins.some((begin) => lastPart(folder).startsWith(begin))) }
}

const lastPart = (folder: string): string => folder.split(/[\\/]/).at(-1) ?? folder

async function resolved(
  root: string,
  reference: string,
  runs: readonly Run[],
  groups: readonly RunGroup[],
): Promise<readonly RunGroup[]> {
  const ofGrid = (name: string) => groups.filter((group) => group.runs.some((run) => run.manifest.grid?.name === name))
  const named = groups.filter(({ name }) => name === reference || slug(name) === reference)
  const byGrid = reference.startsWith('grid:') ? ofGrid(reference.slice('grid:'.length)) : ofGrid(reference)
  const byId = groups.filter(({ id }) => id === reference)
  const isRun = runs.some(({ id }) => id === reference)
  const [first = []] = [named, byId, byGrid].filter(({ length }) => length > 0 && !isRun)
  if (first.length > 0) return first
  const isRunReference =
    reference === 'latest' ||
    (reference !== '' && runs.some(({ id }) => id.startsWith(reference))) ||
    [reference, join(root, reference)].some((folder) => existsSync(join(folder, 'manifest.json')))
  if (isRunReference || runs.length === 0) return [groupOfOne(await openRun(root, reference))]
  throw unknown(root, reference, runs, groups)
}

/** Names in a message. */
const MOST_NAMES = 8

function unknown(root: string, reference: string, runs: readonly Run[], groups: readonly RunGroup[]): UsageError {
  const grids = [
    ...new Set(runs.flatMap(({ manifest: { grid } }) => (grid === undefined ? [] : [`grid:${grid.name}`]))),
  ]
  const names = [...new Set(groups.map(({ name }) => name)), ...grids]
  const near = closestMatch(reference, [...names, ...groups.map(({ id }) => id), ...runs.map(({ id }) => id)], {
    maxDistance: Math.max(2, Math.floor(reference.length / 2)),
  })
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return new UsageError(
    `"${reference}" is no run, experiment or grid in ${root}${near === undefined ? '; it' : `; did you mean "${near}"? It`} ` +
      `holds ${names.slice(0, MOST_NAMES).join(', ')}${more}`,
  )
}
