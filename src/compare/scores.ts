import type { Metric, SplitPredictions } from '../metrics/index.ts'
import { type Interval, meanOverSeeds, metricInterval, whyNoBootstrap } from '../metrics/uncertainty/index.ts'
import type { Key } from '../random/index.ts'
import { isClose, metricOf } from '../runs/index.ts'
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

/** A metric with the predictions that it can be computed from anew. */
export async function recomputable(
  run: ComparedRun,
  name: string,
): Promise<Recomputable | { readonly reason: string }> {
  const metric = metricOf(name, run.run.manifest.experiment)
  if (metric === undefined) return { reason: `${name} cannot be computed from predictions` }
  const why = whyNoBootstrap(metric)
  if (why !== undefined) return { reason: why }
  const predictions = await run.predictions()
  if (predictions === undefined) return { reason: 'the run has no predictions that can be read' }
  if (predictions.task !== metric.task) return { reason: `${name} is not for these predictions` }
  const logged = run.summary.test?.[name]?.last ?? Number.NaN
  // A loss with label smoothing or a penalty, or predictions of another test: the interval would be of something else.
  if (!isClose(metric.compute(predictions), logged))
    return { reason: `the predictions give another ${name} than the run logged` }
  return { metric, predictions }
}

async function overExamples(run: ComparedRun, name: string, { level, key }: ScoreOptions): Promise<ScoreInterval> {
  const found = await recomputable(run, name)
  if ('reason' in found) return { over: 'nothing', reason: `one run, and ${found.reason}` }
  const interval = metricInterval(found.metric, found.predictions, { level, key })
  return 'reason' in interval
    ? { over: 'nothing', reason: `one run, and ${interval.reason}` }
    : { over: 'examples', ...interval }
}

/** A metric and the predictions to compute it from. */
interface Recomputable {
  readonly metric: Metric
  readonly predictions: SplitPredictions
}
