import { missingName } from '../../../../data/table/names.ts'
import { UsageError } from '../../../../errors.ts'
import { meanOverSeeds } from '../../../../metrics/uncertainty/index.ts'
import type { Goal, RunGroup } from '../../../../runs/index.ts'
import type { Options } from '../../arguments.ts'
import type { Records } from '../../records.ts'
import { labelOf } from '../../selection.ts'

/** A metric of a split, as in `validation.accuracy`. */
export interface MetricName {
  readonly split: string
  readonly metric: string
}

/** `accuracy` is of the test split. */
export function metricNamed(text: string, split = 'test'): MetricName {
  const at = text.indexOf('.')
  return at < 0 ? { split, metric: text } : { split: text.slice(0, at), metric: text.slice(at + 1) }
}

/** Axes along which groups differ: of their grid, else their names. */
export function differingAxes(groups: readonly RunGroup[]): string[] {
  const axes = [...new Set(groups.flatMap(({ runs }) => Object.keys(runs[0]?.manifest.grid?.labels ?? {})))]
  return (axes.length === 0 ? ['name'] : axes).filter(
    (axis) => new Set(groups.map((group) => axisValue(group, axis))).size > 1,
  )
}

export const axisValue = ({ runs: [run] }: RunGroup, axis: string): string =>
  (run === undefined ? undefined : labelOf(run, axis)) ?? '–'

/** An axis that the author names, or the one that groups differ along in its place. */
export async function axisOption(
  options: Options,
  name: string,
  groups: readonly RunGroup[],
  place: number,
): Promise<string> {
  const asked = await options.text(name)
  const known = differingAxes(groups)
  if (asked === undefined) {
    const found = known[place]
    if (found !== undefined) return found
    throw new UsageError(
      `these runs differ along ${known.length === 0 ? 'no axis' : known.join(', ')}: say what ${name} are, as in { ${name}: 'lr' }`,
    )
  }
  if (groups.every((group) => axisValue(group, asked) === '–'))
    throw new UsageError(missingName('these runs', 'axis', asked, known))
  return asked
}

/** What came of a group in one metric. */
export interface GroupScore {
  readonly group: RunGroup
  /** Of the finished runs, by seed. */
  readonly values: readonly number[]
  readonly goal: Goal | undefined
  readonly mean: number
  readonly sd: number
  readonly diverged: number
}

export async function groupScore(
  records: Records,
  group: RunGroup,
  { split, metric }: MetricName,
): Promise<GroupScore> {
  const finished = group.runs.filter(({ manifest }) => manifest.status === 'finished')
  const found = await Promise.all(finished.map(async (run) => (await records.summary(run))[split]?.[metric]))
  const values = found.flatMap((one) => (one === undefined || !Number.isFinite(one.last) ? [] : [one.last]))
  const { mean, sd } = values.length === 0 ? { mean: Number.NaN, sd: Number.NaN } : meanOverSeeds(values)
  return {
    ...{ group, values, mean, sd },
    goal: found.find((one) => one !== undefined)?.goal,
    diverged: group.runs.filter(({ manifest }) => manifest.diverged === true).length,
  }
}

/** Metrics that runs have logged on a split, the loss last. @throws UsageError where a metric is none of them */
export async function requireLogged(
  records: Records,
  groups: readonly RunGroup[],
  { split, metric }: MetricName,
): Promise<void> {
  const known = await loggedMetrics(records, groups, split)
  if (!known.includes(metric))
    throw new UsageError(missingName(`the ${split} split of these runs`, 'metric', metric, known))
}

export async function loggedMetrics(records: Records, groups: readonly RunGroup[], split: string): Promise<string[]> {
  const summaries = await Promise.all(groups.flatMap(({ runs }) => runs.map((run) => records.summary(run))))
  const all = [...new Set(summaries.flatMap((summary) => Object.keys(summary[split] ?? {})))]
  return [...all.filter((name) => name !== 'loss'), ...all.filter((name) => name === 'loss')]
}

/** The best of scores; of equal ones the first. Undefined where none is finite. */
export function bestOf<T extends { readonly mean: number; readonly goal: Goal | undefined }>(
  scores: readonly T[],
): T | undefined {
  return scores
    .filter(({ mean }) => Number.isFinite(mean))
    .reduce<T | undefined>((best, one) => {
      if (best === undefined) return one
      return (one.goal === 'min' ? one.mean < best.mean : one.mean > best.mean) ? one : best
    }, undefined)
}
