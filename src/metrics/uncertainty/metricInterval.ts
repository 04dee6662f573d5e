import { UsageError } from '../../errors.ts'
import type { Key } from '../../random/index.ts'
import type { Metric, MetricKind } from '../metric.ts'
import type { SplitPredictions } from '../predictions.ts'
import { argmax, softmax } from '../scores.ts'
import { type Interval, wilsonInterval } from '../wilson.ts'
import { bootstrapOf } from './bootstrap.ts'
import { delongInterval } from './delong.ts'
import { type ReplicateOptions, type Replicates, replicate } from './replicates.ts'
import { examplesIn, type SharedDraws } from './resample.ts'

/** How sure a metric is over the choice of test examples; or, in words that go on from "no interval:", why that is not said. */
export type MetricInterval =
  | (Interval & {
      readonly method: 'Wilson' | 'DeLong' | 'BCa bootstrap'
      readonly level: number
      /** Examples: what a bootstrap draws. */
      readonly n: number
      /** Of a bootstrap. */
      readonly resamples?: number
    })
  | { readonly reason: string }

export interface MetricIntervalOptions {
  /** Confidence level (default 0.95). */
  readonly level?: number
  /** Chance of a bootstrap's draws (default `key(0)`). */
  readonly key?: Key
  /** Draws that are shared with other metrics and models over equally many examples: the same interval, in less time. */
  readonly draws?: SharedDraws
  /** What {@link metricReplicates} gave for the metric and the key, where that is known; asked for where a bootstrap is made. */
  readonly replicates?: () => Replicates
}

/** Scores that are looked at in all resamples of one metric: what keeps an interval within about a second. Rankings take twice as long. */
const MOST_SCORES = 1e8
const RANKINGS: readonly string[] = ['rocAuc', 'averagePrecision'] satisfies MetricKind[]
/** What an example adds is computed once, however many numbers it has. */
const MEANS: readonly string[] = [
  'accuracy',
  'topKAccuracy',
  'logLoss',
  'brier',
  'mse',
  'rmse',
  'mae',
] satisfies MetricKind[]
const [MOST_RESAMPLES, LEAST_RESAMPLES] = [1000, 200]

/** Parts of BCa's jackknife: the error of its acceleration is about 0.4 / parts. */
const JACKKNIFE_PARTS = 200

/**
 * The interval that suits a metric: Wilson's for shares of examples, DeLong's for the area under the ROC curve of two classes, else a
 * bootstrap of examples (BCa), with 1,000 resamples and fewer where the split is large, whose intervals are narrow. It tells how the value
 * of this one trained model depends on which examples were tested, and nothing of the seed.
 *
 * There is none for `maxError`, which no bootstrap can do, and for `ece`, which resampling alone raises.
 *
 * @example
 * metricInterval(accuracy(), predictions) // { method: 'Wilson', low: 0.977, high: 0.982, level: 0.95, n: 10000 }
 */
export function metricInterval(
  metric: Metric,
  predictions: SplitPredictions,
  { level = 0.95, key, draws, replicates }: MetricIntervalOptions = {},
): MetricInterval {
  const { kind, name } = metric
  const n = examplesIn(predictions)
  const why = whyNoBootstrap(metric)
  if (why !== undefined) return { reason: why }
  if (predictions.task === 'classification') {
    const { targets, scores, classes } = predictions
    if (kind === 'accuracy') {
      const predicted = argmax(scores, classes)
      const hits = targets.reduce((sum, target, i) => sum + Number(target === predicted[i]), 0)
      return { method: 'Wilson', ...wilsonInterval(hits, n, level), level, n }
    }
    if (kind === 'topKAccuracy') {
      const hits = Math.round(metric.compute(predictions) * n)
      return { method: 'Wilson', ...wilsonInterval(hits, n, level), level, n }
    }
    if (isBinaryAuc(metric, classes)) return areaInterval(targets, softmax(scores, classes), classes, { of: 1, level })
  }
  if (Number.isNaN(metric.compute(predictions))) return { reason: `${name} is not defined for these examples` }
  const resamples = resamplesFor(metric, predictions)
  if (resamples === 0) return { reason: TOO_MANY_NUMBERS }
  const drawn =
    replicates?.() ?? metricReplicates(metric, predictions, { ...(key && { key }), ...(draws && { draws }) })
  const { low, high } = bootstrapOf(drawn, { level })
  // Where all examples are alike to the metric, drawing among them shows no spread, and that is not certainty.
  if (!(low < high)) return { reason: `all resamples give the same ${name}` }
  return { method: 'BCa bootstrap', low, high, level, n, resamples }
}

/**
 * The replicates that {@link metricInterval} makes its bootstrap of: as many as {@link resamplesFor} says, which must not be 0. Of two models over
 * the same examples, with the same key, they give the interval of their difference (`replicatesOfDifference`).
 *
 * @example
 * metricInterval(f1(), predictions, { replicates: () => metricReplicates(f1(), predictions) })
 */
export const metricReplicates = (
  metric: Metric,
  predictions: SplitPredictions,
  options: Pick<ReplicateOptions, 'key' | 'draws'> = {},
): Replicates =>
  replicate(metric, predictions, {
    ...options,
    resamples: resamplesFor(metric, predictions),
    jackknifeParts: JACKKNIFE_PARTS,
  })

/** Why resampling examples says nothing of a metric; undefined where it does. */
export function whyNoBootstrap({ kind }: Pick<Metric, 'kind'>): string | undefined {
  if (kind === 'maxError') return 'no bootstrap can tell how sure a largest value is'
  // An empty bin more or less is a gap more: resamples have a larger error than what they are drawn from.
  if (kind === 'ece') return 'resampling alone raises a calibration error'
  return undefined
}

/** With two classes one area says all, however classes are averaged; `micro` counts both classes' scores together. */
export const isBinaryAuc = ({ kind, config }: Pick<Metric, 'kind' | 'config'>, classes: number): boolean =>
  kind === 'rocAuc' && classes === 2 && config.average !== 'micro'

/** DeLong's interval of the area under the ROC curve of one class against the rest, or why there is none (see {@link delongInterval}). */
export function areaInterval(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { of, level = 0.95 }: { readonly of: number; readonly level?: number },
): MetricInterval {
  try {
    const { low, high } = delongInterval(targets, probabilities, classes, { of, level })
    return { method: 'DeLong', low, high, level, n: targets.length }
  } catch (error) {
    if (error instanceof UsageError) return { reason: error.message }
    throw error
  }
}

/** Why there is no bootstrap where {@link resamplesFor} is 0. */
export const TOO_MANY_NUMBERS = 'there are too many numbers to resample'

/** Resamples of a metric that are affordable, about a second of them; 0 where even a few would take long. */
export function resamplesFor({ kind }: Pick<Metric, 'kind'>, predictions: SplitPredictions): number {
  const numbers = predictions.task === 'classification' ? predictions.scores.length : predictions.outputs.length
  const size = MEANS.includes(kind) ? examplesIn(predictions) : numbers
  const affordable = Math.floor(MOST_SCORES / size / (RANKINGS.includes(kind) ? 2 : 1))
  return affordable < LEAST_RESAMPLES / 4 ? 0 : Math.min(MOST_RESAMPLES, Math.max(LEAST_RESAMPLES, affordable))
}

/** In what words an interval was come by. */
export const methodText = ({ method, resamples }: Extract<MetricInterval, Interval>): string =>
  resamples === undefined ? method : `${method}, ${resamples.toLocaleString('en-GB')} resamples`
