import {
  argmax,
  type ConfusionMatrix,
  confusionMatrix,
  type Metric,
  precisionRecallF1,
  type SplitPredictions,
} from '../../metrics/index.ts'
import { type Interval, type MetricInterval, metricInterval } from '../../metrics/uncertainty/index.ts'
import type { Answer } from './model.ts'

/** A metric's value over all samples. */
export interface Score {
  readonly name: string
  readonly value: number
  /** Between which values it lies with 95 % confidence, as other samples of the same kind would have been tested on. */
  readonly interval?: Extract<MetricInterval, Interval>
  /** Why there is none. */
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
}

/**
 * Metrics over all samples, each with the 95 % interval that suits it (see `metricInterval`); the loss has none.
 *
 * @example
 * judge(answer, [accuracy(), f1()], { classes }).scores[1] // { name: 'accuracy', value: 0.98, interval: { low: 0.977, … } }
 */
export function judge({ loss, predictions }: Answer, metrics: readonly Metric[], { classes }: JudgeOptions): Judgement {
  const samples =
    predictions.task === 'classification'
      ? predictions.targets.length
      : predictions.targets.length / (predictions.width ?? 1)
  const scores = [
    ...(loss === undefined ? [] : [{ name: 'loss', value: loss }]),
    ...metrics.map((metric) => scoreOf(metric, predictions)),
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

function scoreOf(metric: Metric, predictions: SplitPredictions): Score {
  const interval = metricInterval(metric, predictions)
  const score = { name: metric.name, value: metric.compute(predictions) }
  return 'reason' in interval ? { ...score, noInterval: interval.reason } : { ...score, interval }
}
