import {
  argmax,
  type ConfusionMatrix,
  confusionMatrix,
  type Metric,
  precisionRecallF1,
  type SplitPredictions,
} from '../../metrics/index.ts'
import { bootstrapInterval, type Interval, wilsonInterval } from '../../metrics/uncertainty/index.ts'
import type { Answer } from './model.ts'

/** A metric's value over all samples. */
export interface Score {
  readonly name: string
  readonly value: number
  /** Between which values it lies with 95 % confidence, as other samples of the same kind would have been tested on. */
  readonly interval?: Interval & { readonly method: 'Wilson' | 'bootstrap' }
  /** Why there is none, where one might be expected. */
  readonly noInterval?: string
}

export interface ClassScore {
  readonly class: string
  /** Samples of the class. */
  readonly samples: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Judgement {
  readonly samples: number
  /** `loss` first, where it is known. */
  readonly scores: readonly Score[]
  /** Of classifiers. */
  readonly confusion?: ConfusionMatrix
  readonly perClass?: readonly ClassScore[]
}

export interface JudgeOptions {
  /** Names of the classes. */
  readonly classes: readonly string[]
  /** Of a bootstrap; 0: no intervals but Wilson's. Default 1,000. */
  readonly resamples?: number
}

/** Numbers that a bootstrap goes through at most, some ten seconds: images that are predicted pixel by pixel have more. */
const MOST_WORK = 1e9

/**
 * Metrics over all samples with 95 % intervals: Wilson's for shares of hits, the bootstrap (BCa, samples drawn with replacement) for the
 * others; none for the loss and for `maxError`, which no bootstrap can do.
 *
 * @example
 * judge(answer, [accuracy(), f1()], { classes }).scores[1] // { name: 'accuracy', value: 0.98, interval: { low: 0.977, … } }
 */
export function judge(
  { loss, predictions }: Answer,
  metrics: readonly Metric[],
  { classes, resamples = 1000 }: JudgeOptions,
): Judgement {
  const samples =
    predictions.task === 'classification'
      ? predictions.targets.length
      : predictions.targets.length / (predictions.width ?? 1)
  const scores = [
    ...(loss === undefined ? [] : [{ name: 'loss', value: loss }]),
    ...metrics.map((metric) => scoreOf(metric, predictions, samples, resamples)),
  ]
  if (predictions.task === 'regression') return { samples, scores }
  const { targets, classes: count } = predictions
  const predicted = argmax(predictions.scores, count)
  const { precision, recall, f1, support } = precisionRecallF1(targets, predicted, count, { average: 'none' })
  return {
    samples,
    scores,
    confusion: confusionMatrix(targets, predicted, count),
    perClass: Array.from({ length: count }, (_, c) => ({
      class: classes[c] ?? String(c),
      samples: support[c] ?? 0,
      precision: precision[c] ?? 0,
      recall: recall[c] ?? 0,
      f1: f1[c] ?? 0,
    })),
  }
}

function scoreOf(metric: Metric, predictions: SplitPredictions, samples: number, resamples: number): Score {
  const { name, kind } = metric
  const value = metric.compute(predictions)
  if (kind === 'accuracy' || kind === 'topKAccuracy')
    return {
      name,
      value,
      interval: { ...wilsonInterval(Math.round(value * samples), samples), method: 'Wilson' },
    }
  if (kind === 'maxError' || resamples < 2 || samples < 2 || Number.isNaN(value)) return { name, value }
  // Resamples, and about 2,000 parts that BCa leaves out one by one.
  if (predictions.targets.length * (resamples + 2000) > MOST_WORK)
    return { name, value, noInterval: 'too many numbers' }
  const { low, high } = bootstrapInterval(metric, predictions, { resamples })
  // Where all samples are alike to the metric, drawing among them shows no spread, and that is not certainty.
  return low < high ? { name, value, interval: { low, high, method: 'bootstrap' } } : { name, value }
}
