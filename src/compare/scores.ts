import { type Interval, meanOverSeeds, metricInterval } from '../metrics/uncertainty/index.ts'
import type { Key } from '../random/index.ts'
import type { Remeasured } from './remeasured.ts'
import type { ComparedGroup, ComparedRun, MissingSeed } from './sources.ts'

/** The trained model's value on the test split, by seed. */
export interface SeedValue {
  readonly seed: number
  readonly value: number
}

/** How sure a score is. The two sources of chance are never mixed: an interval over seeds holds nothing of the choice of examples. */
export type ScoreInterval =
  | (Interval & {
      /** What would change the value: training again with other seeds. */
      readonly over: 'seeds'
      readonly method: 't'
      readonly level: number
      readonly sd: number
      /** Runs. */
      readonly n: number
    })
  | (Interval & {
      /** What would change the value: testing this one model on other examples. */
      readonly over: 'examples'
      readonly method: 'Wilson' | 'BCa bootstrap' | 'DeLong'
      readonly level: number
      /** Test examples, which are what a bootstrap resamples. */
      readonly n: number
      readonly resamples?: number
    })
  | { readonly over: 'nothing'; readonly reason: string }

/** A group's score in one metric. */
export type Score =
  | {
      readonly group: string
      readonly kind: 'score'
      /** Mean over the seeds; of one run its value. */
      readonly estimate: number
      readonly values: readonly SeedValue[]
      /** Seeds that the group was trained with and that are not in the mean, by seed. */
      readonly missing: readonly MissingSeed[]
      readonly interval: ScoreInterval
    }
  | { readonly group: string; readonly kind: 'missing'; readonly reason: string }

export interface ScoreOptions {
  readonly level: number
  readonly key: Key
  readonly remeasured: Remeasured
}

/** Values of a metric on the test split after the last epoch: of the model that was kept, not of the best epoch. */
export const testValues = (runs: readonly ComparedRun[], metric: string): SeedValue[] =>
  runs.flatMap(({ seed, summary }) => {
    const found = summary.test?.[metric]
    return found === undefined ? [] : [{ seed, value: found.last }]
  })

/** Seeds of a group that have no finite value of a metric, by seed. */
export function missingSeeds({ runs, missing }: ComparedGroup, metric: string): MissingSeed[] {
  const ofRuns = runs.flatMap(({ seed, summary }): MissingSeed[] => {
    const found = summary.test?.[metric]
    if (found === undefined) return [{ seed, reason: 'not logged' }]
    return Number.isFinite(found.last) ? [] : [{ seed, reason: 'not finite' }]
  })
  return [...missing, ...ofRuns].sort((a, b) => a.seed - b.seed)
}

/** The score of one group: over seeds where it has several, else over the test examples of its one run. */
export async function scoreOf(compared: ComparedGroup, metric: string, options: ScoreOptions): Promise<Score> {
  const { group, runs } = compared
  const all = testValues(runs, metric)
  const values = all.filter(({ value }) => Number.isFinite(value))
  const [first] = values
  if (first === undefined) {
    const reason = all.length > 0 ? 'no run has a finite value' : `no run logged ${metric} on the test split`
    return { group: group.id, kind: 'missing', reason }
  }
  const score = { group: group.id, kind: 'score', values, missing: missingSeeds(compared, metric) } as const
  if (values.length > 1) {
    const { mean, sd, low, high, n, level } = meanOverSeeds(
      values.map(({ value }) => value),
      options,
    )
    if (values.every(({ value }) => value === first.value))
      return { ...score, estimate: first.value, interval: { over: 'nothing', reason: `all ${n} seeds give the same` } }
    return { ...score, estimate: mean, interval: { over: 'seeds', method: 't', low, high, sd, n, level } }
  }
  const run = runs.find(({ seed }) => seed === first.seed)
  const interval: ScoreInterval =
    run === undefined ? { over: 'nothing', reason: 'there is no run' } : await overExamples(run, metric, options)
  return { ...score, estimate: first.value, interval }
}

/** The interval of one run, over its test examples. */
async function overExamples(
  run: ComparedRun,
  name: string,
  { level, key, remeasured }: ScoreOptions,
): Promise<ScoreInterval> {
  const found = await remeasured(run, name)
  if ('reason' in found) return { over: 'nothing', reason: `one run, and ${found.reason}` }
  const interval = metricInterval(found.metric, found.predictions, { level, key, replicates: found.replicates })
  return 'reason' in interval
    ? { over: 'nothing', reason: `one run, and ${interval.reason}` }
    : { over: 'examples', ...interval }
}
