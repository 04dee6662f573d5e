import { ResultKind } from '../../display.ts'
import {
  argmax,
  type ConfusionMatrix,
  confusionMatrix,
  type Metric,
  precisionRecallF1,
  type SplitPredictions,
} from '../../metrics/index.ts'
import { type Interval, type MetricInterval, metricInterval } from '../../metrics/uncertainty/index.ts'
import { isClose } from '../metricOf.ts'
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

export const judgementKind = new ResultKind<Judgement>()

export interface JudgeOptions {
  /** Names of the classes. */
  readonly classes: readonly string[]
  /** The metric that the loss is. */
  readonly lossMetric?: Metric | undefined
}

/**
 * Metrics over all samples, each with the 95 % interval that suits it (see `metricInterval`); the loss has that of the metric that it is.
 *
 * @example
 * judge(answer, [accuracy(), f1()], { classes }).scores[1] // { name: 'accuracy', value: 0.98, interval: { low: 0.977, … } }
 */
export function judge(
  { loss, predictions }: Answer,
  metrics: readonly Metric[],
  { classes, lossMetric }: JudgeOptions,
): Judgement {
  const samples =
    predictions.task === 'classification'
      ? predictions.targets.length
      : predictions.targets.length / (predictions.width ?? 1)
  const scores = [
    ...(loss === undefined ? [] : [lossOf(loss, lossMetric, predictions)]),
    ...metrics.map((metric) => scoreOf(metric, predictions)),
  ]
  if (predictions.task === 'regression') return judgementKind.mark({ samples, scores })
  const { targets, classes: count } = predictions
  const predicted = argmax(predictions.scores, count)
  const { precision, recall, f1, support } = precisionRecallF1(targets, predicted, count, { average: 'none' })
  return judgementKind.mark({
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
  })
}

function lossOf(value: number, metric: Metric | undefined, predictions: SplitPredictions): Score {
  const loss = { name: 'loss', value }
  if (metric?.task !== predictions.task || !Number.isFinite(value)) return loss
  const { interval, ...same } = scoreOf(metric, predictions)
  if (isClose(same.value, value)) return { ...same, ...loss, ...(interval && { interval }) }
  return { ...loss, noInterval: `it is not the ${metric.name} alone, as with label smoothing` }
}

function scoreOf(metric: Metric, predictions: SplitPredictions): Score {
  const interval = metricInterval(metric, predictions)
  const score = { name: metric.name, value: metric.compute(predictions) }
  return 'reason' in interval ? { ...score, noInterval: interval.reason } : { ...score, interval }
}
