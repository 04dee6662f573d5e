import { createHash } from 'node:crypto'
import type { Json } from '../train/index.ts'
import { distinctions, settingText } from './distinctions.ts'
import type { Run } from './read.ts'
import { slug } from './store.ts'

/** Runs of one experiment on the same data that differ only in their seed. */
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
  const { train, test } = data.fingerprint
  const shared = JSON.stringify({ experiment: described(run), train, test })
  return `${slug(name)}-${createHash('sha256').update(shared).digest('hex').slice(0, 8)}`
}

/**
 * Runs as groups that differ only in the seed: equal descriptions of the experiment, and training and test data with the same
 * fingerprints. Groups
 * come in the order in which they were begun.
 *
 * @param runs - newest first, as `listRuns` gives them
 *
 * @example
 * const groups = groupRuns((await listRuns('runs')).runs)
 * groups[0] // { id: 'sinc-1f0c77ab', label: 'lr 0.01', runs: [seed 0, seed 1, seed 2], … }
 */
export const groupRuns = (runs: readonly Run[]): RunGroup[] => labelled(unlabelledGroups(runs))

/** {@link groupRuns} with names for labels: what tells groups apart depends on which are looked at. */
export function unlabelledGroups(runs: readonly Run[]): RunGroup[] {
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
  const named = gathered(groups, ({ name }) => name)
  const labels = new Map<RunGroup, string>()
  for (const [name, alike] of named) {
    if (alike.length === 1) continue
    const [texts, seeds] = [fromGrid(alike) ?? fromSettings(alike), seedsOf(alike)]
    const own = alike.map((group, i) => [texts[i], seeds.get(group)].filter(Boolean).join(', '))
    const counts = gathered(own, (text) => text)
    for (const [i, group] of alike.entries()) {
      const text = own[i] ?? ''
      const isClear = text !== '' && counts.get(text)?.length === 1
      labels.set(group, !isClear ? group.id : named.size === 1 ? text : `${name} (${text})`)
    }
  }
  return groups.map((group) => ({ ...group, label: labels.get(group) ?? group.name }))
}

function gathered<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const others = found.get(by(one))
    if (others) others.push(one)
    else found.set(by(one), [one])
  }
  return found
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
/** Settings in a label, unless it takes more to tell groups apart. */
const MOST_SETTINGS = 3

function fromSettings(groups: readonly RunGroup[]): string[] {
  const differing = distinctions(groups.map(({ experiment }) => experiment))
  const lastNames = differing.map(({ path }) => path.split('.').at(-1) ?? path)
  const settings = differing.map(({ path, values }, k) => {
    const last = lastNames[k] ?? path
    const name = lastNames.indexOf(last) === lastNames.lastIndexOf(last) ? last : path
    return values.map((value) => {
      const isKind = typeof value === 'object' && value !== null && 'kind' in value && !('children' in value)
      const text = settingText(isKind ? value.kind : value)
      return text.length > MOST_LETTERS ? '' : `${name} ${text}`
    })
  })
  const data = groups.map(({ runs }) => runs[0]?.manifest.data.fingerprint.train.slice(0, 8) ?? '')
  if (new Set(data).size > 1) settings.push(data.map((fingerprint) => `data ${fingerprint}`))
  const texts = (count: number): string[] =>
    groups.map((_, i) =>
      settings
        .slice(0, count)
        .flatMap((setting) => setting[i] || [])
        .join(', '),
    )
  const most = texts(settings.length)
  const told = new Set(most).size
  if (settings.length <= MOST_SETTINGS) return most
  const counts = Array.from({ length: settings.length - 1 }, (_, k) => k + 1)
  const enough = counts.find((count) => new Set(texts(count)).size === told)
  return enough === undefined ? most : texts(enough)
}

/** What tells runs alone from others of their experiment. */
function seedsOf(alike: readonly RunGroup[]): Map<RunGroup, string> {
  const isAlone = ({ id, runs }: RunGroup): boolean => runs[0]?.id === id
  const texts = new Map<RunGroup, string>()
  for (const same of gathered(alike, ({ experiment }) => JSON.stringify(experiment)).values()) {
    if (same.length === 1 || !same.some(isAlone)) continue
    for (const group of same)
      texts.set(group, isAlone(group) ? `seed ${group.runs[0]?.manifest.seed}` : `${group.runs.length} seeds`)
  }
  return texts
}
