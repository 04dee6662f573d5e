import { missingName } from '../data/table/names.ts'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { meanOverSeeds } from '../metrics/uncertainty/index.ts'
import { type Key, key as keyOf } from '../random/index.ts'
import { type Goal, type Manifest, type MetricRecord, machineState, type RunGroup } from '../runs/index.ts'
import { type Cost, costsOf, type LatencyChoice } from './costs.ts'
import { remeasuring } from './remeasured.ts'
import { type Score, scoreOf } from './scores.ts'
import { compareSettings, type SettingsComparison } from './settings.ts'
import { type ComparedGroup, type LeftOut, readGroups } from './sources.ts'
import { type Pairing, type PairTest, testPairs } from './tests.ts'

export interface CompareOptions {
  /** Metrics of the test split, in this order; default: all that were logged, the loss last. */
  readonly metrics?: readonly string[]
  /** Confidence level of intervals, and 1 − that of tests (default 0.95). */
  readonly level?: number
  /** Chance of the resampling (default `key(0)`): the same key gives the same numbers. */
  readonly key?: Key
  /**
   * Id of the group that the others are tested against; default: every two are, or with more than 5 groups all against the best by the
   * first metric on the validation split. The test split does not choose it: the best there has been lucky there.
   */
  readonly baseline?: string
  /** Whether latency is measured now, on this machine (default `quick`: a few small networks). */
  readonly latency?: LatencyChoice
  /** Told how far it has come, from 0 to 1. */
  onProgress?(share: number, detail: string): Promise<void> | void
}

/** A group as a comparison names it. */
export interface GroupName {
  readonly id: string
  /** Of the experiment. */
  readonly name: string
  readonly label: string
  readonly runs: readonly { readonly id: string; readonly seed: number; readonly folder: string }[]
}

/** Scores and tests in one metric. */
export interface MetricComparison {
  readonly metric: string
  readonly goal: Goal
  /** In the order of the groups. */
  readonly scores: readonly Score[]
  /** p-values are corrected by Holm over this list, metric by metric. */
  readonly tests: readonly PairTest[]
}

/** A training as it went. */
export interface CurveOfRun {
  readonly group: string
  readonly seed: number
  readonly records: readonly MetricRecord[]
}

/** Groups of runs side by side: a plain value, for tables, figures and JSON. */
export interface Comparison {
  readonly level: number
  readonly groups: readonly GroupName[]
  readonly leftOut: readonly LeftOut[]
  readonly settings: SettingsComparison
  readonly metrics: readonly MetricComparison[]
  readonly pairing: Pairing
  readonly costs: readonly Cost[]
  /** On which latency was measured; trainings may have run on others. */
  readonly machine: Manifest['machine']
  readonly curves: readonly CurveOfRun[]
}

export const comparisonKind = new ResultKind<Comparison>()

/** With more groups there are so many pairs that the correction hides what there is. */
const MOST_GROUPS_IN_PAIRS = 5

/**
 * Compares groups of runs: settings, scores on the test split with their uncertainty, tests between the groups, and costs. Values are those
 * of the trained model (`last`), not of its best epoch. Runs that have not finished, or are damaged, are named and left out.
 *
 * A group with several seeds gets Student's interval of its mean; one with a single run an interval over the test examples (Wilson for
 * accuracy, DeLong for the area of two classes, else a bootstrap of examples). Tests pair the seeds that two groups share, at least 2; groups of one run each
 * are paired by test example. Where a test could not reach 1 − level whatever the data, that is said in place of a p-value.
 *
 * @throws UsageError when no run has finished, a metric or the baseline is not known, or the level is not within (0, 1)
 *
 * @example
 * const { groups } = await openRuns('runs', ['dense', 'convnet'])
 * const { metrics } = await compareGroups(groups, { metrics: ['accuracy'] })
 * metrics[0].scores[0] // { estimate: 0.91, interval: { over: 'seeds', low: 0.9, high: 0.92, … }, … }
 */
export async function compareGroups(groups: readonly RunGroup[], options: CompareOptions = {}): Promise<Comparison> {
  const { level = 0.95, key = keyOf(0), baseline, latency = 'quick', onProgress } = options
  if (!(level > 0 && level < 1))
    throw new UsageError(`level is ${level}: give a number strictly between 0 and 1, such as 0.95`)
  const { compared, leftOut } = await readGroups(groups)
  if (compared.length === 0)
    throw new UsageError(
      `there is no finished run to compare${leftOut.map(({ run, reason }) => `; ${run}: ${reason}`).join('')}`,
    )
  const names = metricsOf(compared, options.metrics)
  const pairing = pairingOf(compared, baseline, names[0])
  const remeasured = remeasuring(key)
  const steps = names.length + 1
  const metrics: MetricComparison[] = []
  for (const [i, metric] of names.entries()) {
    await onProgress?.(i / steps, metric)
    const scores: Score[] = []
    for (const group of compared) scores.push(await scoreOf(group, metric, { level, key, remeasured }))
    const tests = await testPairs(compared, metric, pairing, { level, key, remeasured })
    metrics.push({ metric, goal: goalOf(compared, metric), scores, tests })
  }
  await onProgress?.(names.length / steps, 'latency')
  return comparisonKind.mark({
    level,
    groups: compared.map(nameOf),
    leftOut,
    settings: compareSettings(compared),
    metrics,
    pairing,
    costs: await costsOf(compared, latency, key),
    machine: machineState(),
    curves: compared.flatMap(({ group, runs }) =>
      runs.map(({ seed, records }) => ({ group: group.id, seed, records })),
    ),
  })
}

const nameOf = ({ group: { id, name, label }, runs }: ComparedGroup): GroupName => ({
  id,
  name,
  label,
  runs: runs.map(({ run, seed }) => ({ id: run.id, seed, folder: run.folder })),
})

function pairingOf(
  groups: readonly ComparedGroup[],
  baseline: string | undefined,
  metric: string | undefined,
): Pairing {
  const [first] = groups
  const ids = groups.map(({ group }) => group.id)
  if (baseline !== undefined && !ids.includes(baseline))
    throw new UsageError(missingName('the comparison', 'group', baseline, ids))
  if (baseline !== undefined) return { baseline, because: 'asked' }
  if (first === undefined || groups.length <= MOST_GROUPS_IN_PAIRS) return 'all'
  const best = metric === undefined ? undefined : bestOf(groups, metric)
  return best === undefined || metric === undefined
    ? { baseline: first.group.id, because: 'first' }
    : { baseline: best, because: { validation: metric } }
}

/** The group with the best mean over its seeds on the validation split; undefined where none logged the metric there. */
function bestOf(groups: readonly ComparedGroup[], metric: string): string | undefined {
  const sign = goalOf(groups, metric) === 'min' ? 1 : -1
  const ranked = groups.flatMap(({ group, runs }) => {
    const values = runs.flatMap(({ summary }) => summary.validation?.[metric]?.last ?? []).filter(Number.isFinite)
    return values.length === 0 ? [] : [{ id: group.id, rank: sign * meanOverSeeds(values).mean }]
  })
  return ranked.sort((a, b) => a.rank - b.rank)[0]?.id
}

/** What the runs logged on the test split. */
const testsOf = (groups: readonly ComparedGroup[]) =>
  groups.flatMap(({ runs }) => runs.map(({ summary }) => summary.test ?? {}))

function metricsOf(groups: readonly ComparedGroup[], wanted: readonly string[] | undefined): readonly string[] {
  const logged = [...new Set(testsOf(groups).flatMap((test) => Object.keys(test)))]
  const unknown = wanted?.find((name) => !logged.includes(name))
  if (unknown !== undefined)
    throw new UsageError(missingName('the test split of these runs', 'metric', unknown, logged))
  return wanted === undefined
    ? [...logged.filter((name) => name !== 'loss'), ...logged.filter((name) => name === 'loss')]
    : [...new Set(wanted)]
}

const goalOf = (groups: readonly ComparedGroup[], metric: string): Goal =>
  testsOf(groups).find((test) => test[metric] !== undefined)?.[metric]?.goal ?? 'max'
