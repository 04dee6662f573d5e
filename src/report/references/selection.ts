import { closestMatch } from 'leven'
import { UsageError } from '../../errors.ts'
import { labelled } from '../../runs/groups.ts'
import { type Run, type RunGroup, settingText } from '../../runs/index.ts'
import type { Json } from '../../train/index.ts'

/** What a group or a run is chosen by: labels of its grid, settings by name (`lr`) or path (`optimizer.lr`), its name, its seed. */
export type Filter = readonly (readonly [name: string, value: string])[]

/** Names of settings that are written shorter than their paths. */
const SHORT: Readonly<Record<string, string>> = {
  lr: 'optimizer.lr',
  optimizer: 'optimizer.kind',
  schedule: 'schedule.kind',
}

/** A setting of an experiment, by the path of its names. */
export function settingOf(experiment: Json, path: string): Json | undefined {
  const inside = (json: Json | undefined, name: string): Json | undefined =>
    typeof json === 'object' && json !== null && !Array.isArray(json) && Object.hasOwn(json, name)
      ? json[name]
      : undefined
  return path.split('.').reduce<Json | undefined>(inside, experiment)
}

/** What a run has under a name that a filter gives. */
export function labelOf({ manifest }: Run, name: string): string | undefined {
  const labels = manifest.grid?.labels ?? {}
  if (Object.hasOwn(labels, name)) return labels[name]
  if (name === 'seed') return String(manifest.seed)
  if (name === 'experiment' || name === 'name') return manifest.name
  const setting = settingOf(manifest.experiment, name) ?? settingOf(manifest.experiment, SHORT[name] ?? name)
  return setting === undefined ? undefined : settingText(setting)
}

/**
 * The groups with the runs that a filter leaves.
 *
 * @throws UsageError naming what can be chosen by, or which values there are
 */
export function selected(groups: readonly RunGroup[], filter: Filter, reference: string): RunGroup[] {
  let left = [...groups]
  for (const [name, value] of filter) {
    const there = new Set(left.flatMap(({ runs }) => runs.flatMap((run) => labelOf(run, name) ?? [])))
    if (there.size === 0) throw new UsageError(`"${reference}" cannot be chosen by "${name}": ${namesOf(left)}`)
    if (!there.has(value)) {
      const near = closestMatch(value, [...there], { maxDistance: Math.max(1, Math.floor(value.length / 2)) })
      throw new UsageError(
        `"${reference}" has no ${name} "${value}"${near === undefined ? '; it' : `; did you mean "${near}"? It`} has ${[...there].join('; ')}`,
      )
    }
    left = left
      .map((group) => ({ ...group, runs: group.runs.filter((run) => labelOf(run, name) === value) }))
      .filter(({ runs }) => runs.length > 0)
  }
  // What tells these apart: what they share need not be said.
  return labelled(left)
}

function namesOf(groups: readonly RunGroup[]): string {
  const axes = new Set(groups.flatMap(({ runs }) => Object.keys(runs[0]?.manifest.grid?.labels ?? {})))
  return `give ${[...axes, 'seed', 'name'].map((axis) => `"${axis}"`).join(', ')}, or a setting such as "lr" or "optimizer.kind"`
}

/** How groups are told apart in a message. */
export const labelsOf = (groups: readonly RunGroup[]): string => {
  const shown = groups.slice(0, 6).map(({ label }) => label)
  return groups.length > shown.length
    ? `${shown.join('; ')}; and ${groups.length - shown.length} more`
    : shown.join('; ')
}
