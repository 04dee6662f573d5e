import { UsageError } from '../errors.ts'
import { argmax, type Metric, type SplitPredictions, softmax } from '../metrics/index.ts'
import {
  bootstrapInterval,
  delongInterval,
  type Interval,
  meanOverSeeds,
  wilsonInterval,
} from '../metrics/uncertainty/index.ts'
import type { Key } from '../random/index.ts'
import { metricOf } from './metricOf.ts'
import type { ComparedGroup, ComparedRun } from './sources.ts'

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
      /** Seeds whose value is no finite number; they are not in the mean. */
      readonly notFinite: readonly number[]
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

/** The score of one group: over seeds where it has several, else over the test examples of its one run. */
export async function scoreOf({ group, runs }: ComparedGroup, metric: string, options: ScoreOptions): Promise<Score> {
  const all = testValues(runs, metric)
  const values = all.filter(({ value }) => Number.isFinite(value))
  const notFinite = all.filter(({ value }) => !Number.isFinite(value)).map(({ seed }) => seed)
  const [first] = values
  if (first === undefined) {
    const reason = all.length > 0 ? 'no run has a finite value' : `no run logged ${metric} on the test split`
    return { group: group.id, kind: 'missing', reason }
  }
  const score = { group: group.id, kind: 'score', values, notFinite } as const
  if (values.length > 1) {
    const { mean, sd, low, high, n, level } = meanOverSeeds(
      values.map(({ value }) => value),
      options,
    )
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
  if (metric.kind === 'maxError') return { reason: 'no bootstrap can tell how sure a largest value is' }
  // An empty bin more or less is a gap more: resamples have a larger error than what they are drawn from.
  if (metric.kind === 'ece') return { reason: 'resampling alone raises a calibration error' }
  const predictions = await run.predictions()
  if (predictions === undefined) return { reason: 'the run has no predictions that can be read' }
  if (predictions.task !== metric.task) return { reason: `${name} is not for these predictions` }
  const logged = run.summary.test?.[name]?.last ?? Number.NaN
  // A loss with label smoothing or a penalty, or predictions of another test: the interval would be of something else.
  if (!isClose(metric.compute(predictions), logged))
    return { reason: `the predictions give another ${name} than the run logged` }
  return { metric, predictions }
}

/** Within what float32 probabilities lose. */
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 + 1e-3 * Math.abs(b)

async function overExamples(run: ComparedRun, name: string, { level, key }: ScoreOptions): Promise<ScoreInterval> {
  const found = await recomputable(run, name)
  if ('reason' in found) return { over: 'nothing', reason: `one run, and ${found.reason}` }
  try {
    return intervalOf(found, level, key)
  } catch (error) {
    if (error instanceof UsageError) return { over: 'nothing', reason: error.message }
    throw error
  }
}

/** A metric and the predictions to compute it from. */
interface Recomputable {
  readonly metric: Metric
  readonly predictions: SplitPredictions
}

/** The error of BCa’s acceleration is about 0.4 / parts. */
export const JACKKNIFE_PARTS = 200

function intervalOf({ metric, predictions }: Recomputable, level: number, key: Key): ScoreInterval {
  if (metric.kind === 'accuracy' && predictions.task === 'classification') {
    const { targets, scores, classes } = predictions
    const predicted = argmax(scores, classes)
    const hits = targets.reduce((sum, target, i) => sum + Number(target === predicted[i]), 0)
    const n = targets.length
    return { over: 'examples', method: 'Wilson', ...wilsonInterval(hits, n, level), level, n }
  }
  if (predictions.task === 'classification' && isBinaryAuc(metric, predictions.classes)) {
    const { targets, scores, classes } = predictions
    const { low, high } = delongInterval(targets, softmax(scores, classes), classes, { level })
    return { over: 'examples', method: 'DeLong', low, high, level, n: targets.length }
  }
  const { low, high, n } = bootstrapInterval(metric, predictions, { level, key, jackknifeParts: JACKKNIFE_PARTS })
  if (!(low < high)) return { over: 'nothing', reason: `one run, and all resamples give the same ${metric.name}` }
  return { over: 'examples', method: 'BCa bootstrap', low, high, level, n }
}

/** With two classes one area says all, however classes are averaged; `micro` counts both classes' scores together. */
export const isBinaryAuc = ({ kind, config }: Metric, classes: number): boolean =>
  kind === 'rocAuc' && classes === 2 && config.average !== 'micro'
