import { type Interval, meanOverSeeds, wilsonInterval } from '../../metrics/uncertainty/index.ts'
import {
  type Goal,
  groupRuns,
  type Manifest,
  type Run,
  type RunGroup,
  type Summary,
  summariesOf,
} from '../../runs/index.ts'
import type { Json } from '../../train/index.ts'

/** A run as an audit sees it: how it was made and what came of it. */
export interface AuditedRun {
  readonly id: string
  readonly manifest: Manifest
  readonly summary: Summary
}

/** Runs that differ in their seed alone. */
export interface AuditedGroup {
  readonly id: string
  readonly name: string
  readonly label: string
  /** What tells it from others of its grid, by axis. */
  readonly labels: Readonly<Record<string, string>>
  /** How a write-up refers to it: `run('…')`, or `group('…', { … })`. */
  readonly expression: string
  readonly runs: readonly AuditedRun[]
}

/** All that a check knows of runs: plain data, read before. */
export interface Facts {
  readonly groups: readonly AuditedGroup[]
}

/** A score of a group on one split, of the trained model. */
export interface GroupScore {
  readonly split: string
  readonly metric: string
  readonly goal: Goal
  /** Mean over the seeds. */
  readonly mean: number
  /** Seeds with a finite value. */
  readonly n: number
  /** 95 %: of several seeds Student's; of one run's accuracy Wilson's over the samples of the split; else unknown. */
  readonly interval?: Interval & { readonly over: 'seeds' | 'examples' }
}

/**
 * What an audit has to know of runs.
 *
 * @param runs - in any order; damaged summaries count as none
 *
 * @example
 * auditRuns(await readFacts((await listRuns('runs')).runs))
 */
export async function readFacts(runs: readonly Run[]): Promise<Facts> {
  const newestFirst = runs.toSorted((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))
  const { summaries } = await summariesOf(newestFirst)
  const found = new Map(summaries.map(({ run, summary }) => [run.id, summary]))
  return factsOf(groupRuns(newestFirst), (id) => found.get(id) ?? {})
}

/** {@link readFacts} of groups that are known, with the summaries of their runs. */
export function factsOf(groups: readonly RunGroup[], summaryOf: (id: string) => Summary): Facts {
  return {
    groups: groups.map((group) => ({
      id: group.id,
      name: group.name,
      label: group.label,
      labels: group.runs[0]?.manifest.grid?.labels ?? {},
      expression: expressionOf(group),
      runs: group.runs.map(({ id, manifest }) => ({ id, manifest, summary: summaryOf(id) })),
    })),
  }
}

/** The words by which a write-up refers to a group. */
export function expressionOf({ id, runs }: RunGroup): string {
  const [first] = runs
  const grid = first?.manifest.grid
  if (grid !== undefined) {
    const labels = Object.entries(grid.labels).map(([axis, value]) => `${keyText(axis)}: ${quoted(value)}`)
    return `group(${quoted(grid.name)}${labels.length === 0 ? '' : `, { ${labels.join(', ')} }`})`
  }
  return runs.length === 1 && first !== undefined ? `run(${quoted(first.id)})` : `group(${quoted(id)})`
}

/** A text as expressions quote it. */
export const quoted = (text: string): string => `'${text.replace(/['\\]/g, (sign) => `\\${sign}`)}'`
const keyText = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name))

export const finishedRuns = ({ runs }: AuditedGroup): readonly AuditedRun[] =>
  runs.filter(({ manifest }) => manifest.status === 'finished')

/** Metrics that finished runs of a group logged on a split, the loss last. */
export function metricsOn(group: AuditedGroup, split: string): string[] {
  const names = new Set(finishedRuns(group).flatMap(({ summary }) => Object.keys(summary[split] ?? {})))
  return [...names].sort((a, b) => Number(a === 'loss') - Number(b === 'loss'))
}

/** The score of a group: mean over its finished runs with a finite value; undefined where there is none. */
export function groupScore(group: AuditedGroup, split: string, metric: string): GroupScore | undefined {
  const found = finishedRuns(group).flatMap((run) => {
    const score = run.summary[split]?.[metric]
    return score !== undefined && Number.isFinite(score.last) ? [{ run, ...score }] : []
  })
  const [first] = found
  if (first === undefined) return undefined
  const { mean, low, high } = meanOverSeeds(found.map(({ last }) => last))
  const score = { split, metric, goal: first.goal, mean, n: found.length }
  if (found.length > 1) return { ...score, interval: { low, high, over: 'seeds' } }
  const n = samplesOf(first.run.manifest, split)
  const hits = Math.round(mean * n)
  return metric === 'accuracy' && n > 0 && hits >= 0 && hits <= n
    ? { ...score, interval: { ...wilsonInterval(hits, n), over: 'examples' } }
    : score
}

const samplesOf = ({ data: { splits } }: Manifest, split: string): number =>
  split === 'train' || split === 'validation' || split === 'test' ? splits[split] : 0

/** Every score of a group on `test` and `validation`. */
export const groupScores = (group: AuditedGroup): GroupScore[] =>
  ['test', 'validation'].flatMap((split) =>
    metricsOn(group, split).flatMap((metric) => groupScore(group, split, metric) ?? []),
  )

/**
 * The interval of a difference of two independent scores from their own, by the square-and-add rule.
 *
 * Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998);
 * Zou and Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27 (2008).
 */
export function differenceInterval(a: GroupScore, b: GroupScore): Interval | undefined {
  if (a.interval === undefined || b.interval === undefined) return undefined
  const d = a.mean - b.mean
  return {
    low: d - Math.hypot(a.mean - a.interval.low, b.interval.high - b.mean),
    high: d + Math.hypot(a.interval.high - a.mean, b.mean - b.interval.low),
  }
}

/** A setting of an experiment by its path; undefined where there is none. */
export function settingAt(experiment: Json, path: string): Json | undefined {
  let at: Json | undefined = experiment
  for (const name of path.split('.'))
    at = typeof at === 'object' && at !== null && !Array.isArray(at) ? at[name] : undefined
  return at
}

/** The kind of a strategy among the settings, as in `adam` of `optimizer`. */
export function kindAt(experiment: Json, path: string): string | undefined {
  const kind = settingAt(experiment, `${path}.kind`)
  return typeof kind === 'string' ? kind : undefined
}

/** Every setting that is not a list or an object, by its path. */
export function leavesOf(json: Json | undefined, path = ''): [path: string, value: string | number | boolean][] {
  if (json === null || json === undefined) return []
  if (typeof json !== 'object') return [[path, json]]
  return Object.entries(json).flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`))
}
