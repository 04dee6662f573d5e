import { UsageError } from '../../errors.ts'
import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  ece,
  f1,
  logLoss,
  type Metric,
  type MetricKind,
  mae,
  maxError,
  mcc,
  r2,
  rmse,
  rocAuc,
  type SplitPredictions,
  softmax,
} from '../../metrics/index.ts'
import { bootstrapInterval, delongInterval, type Interval, wilsonInterval } from '../../metrics/uncertainty/index.ts'

/** How sure a score is over the choice of test examples, at 95 %; or why that is not said. */
export type ScoreInterval = (Interval & { readonly kind: string }) | { readonly none: string }

/** A metric's value over the whole test split. */
export interface MeasuredScore {
  readonly name: string
  readonly value: number
  readonly goal: 'max' | 'min'
  readonly interval: ScoreInterval
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

/** Scores that are looked at in all resamples of one metric: what keeps a report within seconds. Rankings take twice as long. */
const MOST_SCORES = 1e8
const RANKINGS: readonly string[] = ['rocAuc', 'averagePrecision'] satisfies MetricKind[]
const MEANS: readonly string[] = ['mse', 'rmse', 'mae'] satisfies MetricKind[]
const [MOST_RESAMPLES, LEAST_RESAMPLES] = [1000, 200]
/** The error of BCa's acceleration is about 0.4 / parts: 200 are plenty. */
const JACKKNIFE_PARTS = 200

/** Resamples of a metric: 1,000, and fewer where the split is large, whose intervals are narrow; 0 where even 200 would take long. */
export function resamplesFor({ kind }: Pick<Metric, 'kind'>, predictions: SplitPredictions): number {
  const size =
    predictions.task === 'classification'
      ? predictions.scores.length
      : // Errors of an example are added up once, however many numbers it has; variances are not.
        predictions.outputs.length / (MEANS.includes(kind) ? (predictions.width ?? 1) : 1)
  const affordable = Math.floor(MOST_SCORES / size / (RANKINGS.includes(kind) ? 2 : 1))
  return affordable < LEAST_RESAMPLES / 4 ? 0 : Math.min(MOST_RESAMPLES, Math.max(LEAST_RESAMPLES, affordable))
}

/**
 * Metrics over a whole split, each with the 95 % interval that suits it: Wilson's for shares of examples, DeLong's for the area of two
 * classes, else a bootstrap of examples. Metrics with the same name are measured once.
 */
export function measureScores(predictions: SplitPredictions, metrics: readonly Metric[]): MeasuredScore[] {
  const once = metrics.filter(({ name }, i) => metrics.findIndex((other) => other.name === name) === i)
  return once.map((metric) => {
    const value = metric.compute(predictions)
    return { name: metric.name, value, goal: metric.goal, interval: intervalOf(metric, value, predictions) }
  })
}

function intervalOf(metric: Metric, value: number, predictions: SplitPredictions): ScoreInterval {
  const { kind, config } = metric
  if (Number.isNaN(value)) return { none: 'not defined here' }
  if (kind === 'maxError') return { none: 'no bootstrap can do a largest value' }
  if (kind === 'ece') return { none: 'resampling alone raises it' }
  if (predictions.task === 'classification') {
    const { targets, scores, classes } = predictions
    const n = targets.length
    if (kind === 'accuracy' || kind === 'topKAccuracy')
      return { kind: 'Wilson', ...wilsonInterval(Math.round(value * n), n) }
    if (kind === 'rocAuc' && classes === 2 && config.average !== 'micro') {
      const probabilities = softmax(scores, classes)
      return areaInterval(targets, probabilities, classes, 1)
    }
  }
  const resamples = resamplesFor(metric, predictions)
  if (resamples === 0) return { none: 'too many examples to resample in a report' }
  const { low, high } = bootstrapInterval(metric, predictions, { resamples, jackknifeParts: JACKKNIFE_PARTS })
  return { kind: `BCa bootstrap, ${resamples.toLocaleString('en-GB')} resamples`, low, high }
}

/** DeLong's interval of the area of one class against the rest. */
export function areaInterval(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  of: number,
): ScoreInterval {
  try {
    const { low, high } = delongInterval(targets, probabilities, classes, { of })
    return { kind: 'DeLong', low, high }
  } catch (error) {
    if (error instanceof UsageError) return { none: 'too few examples of the class' }
    throw error
  }
}

/** Bounds, where there are some. */
export const boundsOf = (interval: ScoreInterval | undefined): Interval | undefined =>
  interval === undefined || 'none' in interval ? undefined : { low: interval.low, high: interval.high }
