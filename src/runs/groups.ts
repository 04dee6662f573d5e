import { createHash } from 'node:crypto'
import type { Json } from '../train/index.ts'
import { distinctions, settingText } from './distinctions.ts'
import type { Run } from './read.ts'
import { slug } from './store.ts'

/** Runs of one experiment on the same training data that differ only in their seed. */
export interface RunGroup {
  /** The name and 8 digits of the hash of what the runs share; of a run alone its own id. */
  readonly id: string
  readonly name: string
  /** The name; where several groups share it, with what tells them apart, `sinc (lr 0.01)`; that alone where all share it. */
  readonly label: string
  /** The experiment as the manifest describes it, without the list of seeds. */
  readonly experiment: Json
  /** By seed; of repeats of a seed the newest that finished, else the newest. */
  readonly runs: readonly Run[]
}

/** The experiment without its seeds, one of which each run has. */
function described({ manifest: { experiment } }: Run): Json {
  if (typeof experiment !== 'object' || experiment === null || Array.isArray(experiment)) return experiment
  const { seeds: _, ...rest } = experiment
  return rest
}

/** Id of the group that a run belongs to: what it shares with the runs of other seeds. */
export function groupIdOf(run: Run): string {
  const { name, data } = run.manifest
  const shared = JSON.stringify({ experiment: described(run), train: data.fingerprint.train })
  return `${slug(name)}-${createHash('sha256').update(shared).digest('hex').slice(0, 8)}`
}

/**
 * Runs as groups that differ only in the seed: equal descriptions of the experiment, and training data with the same fingerprint. Groups
 * come in the order in which they were begun.
 *
 * @param runs - newest first, as `listRuns` gives them
 *
 * @example
 * const groups = groupRuns((await listRuns('runs')).runs)
 * groups[0] // { id: 'sinc-1f0c77ab', label: 'lr 0.01', runs: [seed 0, seed 1, seed 2], … }
 */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, { name: string; experiment: Json; runs: Run[] }>()
  for (const run of runs) {
    const id = groupIdOf(run)
    const group = groups.get(id)
    if (group) group.runs.push(run)
    else groups.set(id, { name: run.manifest.name, experiment: described(run), runs: [run] })
  }
  const begun = ({ runs: all }: { runs: readonly Run[] }) => all.at(-1)?.manifest.createdAt ?? ''
  const ordered = [...groups].sort(([, a], [, b]) => begun(a).localeCompare(begun(b)))
  return labelled(ordered.map(([id, group]) => ({ ...group, id, label: group.name, runs: oneOfEachSeed(group.runs) })))
}

/** One run as a group of its own. */
export const groupOfOne = (run: Run): RunGroup => ({
  id: run.id,
  name: run.manifest.name,
  label: run.manifest.name,
  experiment: described(run),
  runs: [run],
})

function oneOfEachSeed(newestFirst: readonly Run[]): Run[] {
  const chosen = new Map<number, Run>()
  for (const run of newestFirst) {
    const { seed, status } = run.manifest
    const before = chosen.get(seed)
    if (before === undefined || (before.manifest.status !== 'finished' && status === 'finished')) chosen.set(seed, run)
  }
  return [...chosen.values()].sort((a, b) => a.manifest.seed - b.manifest.seed)
}

/** Groups with labels that tell them apart: labels of their grid, else settings, and for runs alone the seed; an id as a last resort. */
export function labelled(groups: readonly RunGroup[]): RunGroup[] {
  return groups.map((group) => {
    const alike = groups.filter(({ name }) => name === group.name)
    if (alike.length === 1) return { ...group, label: group.name }
    const at = alike.indexOf(group)
    const all = fromGrid(alike) ?? fromSettings(alike)
    const texts = alike.map((one, i) => [all[i], seedOf(one, alike)].filter(Boolean).join(', '))
    const own = texts[at] ?? ''
    const isOneName = alike.length === groups.length
    const isClear = own !== '' && texts.filter((text) => text === own).length === 1
    if (!isClear) return { ...group, label: group.id }
    return { ...group, label: isOneName ? own : `${group.name} (${own})` }
  })
}

/** What a grid calls the groups, where all are of one grid and it tells more of them apart than the seed does. */
function fromGrid(groups: readonly RunGroup[]): string[] | undefined {
  const cells = groups.map(({ runs }) => runs[0]?.manifest.grid)
  const names = new Set(cells.map((cell) => cell?.name))
  if (names.size > 1 || names.has(undefined)) return undefined
  const differing = distinctions(cells.map((cell) => ({ ...cell?.labels })))
  const texts = groups.map((_, i) =>
    differing.map(({ path, values }) => `${path} ${settingText(values[i])}`).join(', '),
  )
  return new Set(texts).size === new Set(groups.map(({ experiment }) => JSON.stringify(experiment))).size
    ? texts
    : undefined
}

/** Longer values are told by nothing but that they differ. */
const MOST_LETTERS = 24

function fromSettings(groups: readonly RunGroup[]): string[] {
  const differing = distinctions(groups.map(({ experiment }) => experiment))
  const lastNames = differing.map(({ path }) => path.split('.').at(-1) ?? path)
  const fingerprints = groups.map(({ runs }) => runs[0]?.manifest.data.fingerprint.train ?? '')
  const isOtherData = new Set(fingerprints).size > 1
  return groups.map((_, i) => {
    const settings = differing.flatMap(({ path, values }, k) => {
      const value = values[i]
      const isKind = typeof value === 'object' && value !== null && 'kind' in value && !('children' in value)
      const text = settingText(isKind ? value.kind : value)
      const last = lastNames[k] ?? path
      const name = lastNames.indexOf(last) === lastNames.lastIndexOf(last) ? last : path
      return text.length > MOST_LETTERS ? [] : [`${name} ${text}`]
    })
    return [...settings, ...(isOtherData ? [`data ${fingerprints[i]?.slice(0, 8)}`] : [])].join(', ')
  })
}

/** Of runs alone beside others of their experiment. */
function seedOf({ id, experiment, runs }: RunGroup, alike: readonly RunGroup[]): string {
  const same = alike.filter((other) => JSON.stringify(other.experiment) === JSON.stringify(experiment))
  const [first] = runs
  if (same.length === 1 || !same.some((other) => other.runs[0]?.id === other.id)) return ''
  return first !== undefined && first.id === id ? `seed ${first.manifest.seed}` : `${runs.length} seeds`
}
