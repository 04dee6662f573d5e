import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  ece,
  f1,
  logLoss,
  type Metric,
  mae,
  maxError,
  mcc,
  r2,
  rmse,
  rocAuc,
  type SplitPredictions,
} from '../../metrics/index.ts'
import { type Interval, type MetricInterval, metricInterval, sharedDraws } from '../../metrics/uncertainty/index.ts'

/** A metric's value over the whole test split. */
export interface MeasuredScore {
  readonly name: string
  readonly value: number
  readonly goal: 'max' | 'min'
  /** At 95 %. */
  readonly interval: MetricInterval
}

/** Numbers of an example beyond which it is a picture or a sequence, whose outputs may be logits: its loss says what is to be said. */
export const MOST_OUTPUTS = 4

/** What a report measures whether or not the experiment listed it. */
export const usualMetrics = (predictions: SplitPredictions): Metric[] =>
  predictions.task === 'regression'
    ? (predictions.width ?? 1) > MOST_OUTPUTS
      ? []
      : [rmse(), mae(), r2(), maxError()]
    : [
        ...[accuracy(), balancedAccuracy(), f1(), mcc()],
        ...(predictions.classes === 2
          ? [rocAuc({ of: 1 }), averagePrecision({ of: 1 })]
          : [rocAuc(), averagePrecision()]),
        ...[logLoss(), brier(), ece()],
      ]

/**
 * Metrics over a whole split, each with its 95 % interval. Metrics with the same name are measured once.
 */
export function measureScores(predictions: SplitPredictions, metrics: readonly Metric[]): MeasuredScore[] {
  const once = metrics.filter(({ name }, i) => metrics.findIndex((other) => other.name === name) === i)
  const draws = sharedDraws()
  return once.map((metric) => ({
    name: metric.name,
    value: metric.compute(predictions),
    goal: metric.goal,
    interval: metricInterval(metric, predictions, { draws }),
  }))
}

/** Bounds, where there are some. */
export const boundsOf = (interval: MetricInterval | undefined): Interval | undefined =>
  interval === undefined || 'reason' in interval ? undefined : { low: interval.low, high: interval.high }
