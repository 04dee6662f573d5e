import { UsageError } from '../errors.ts'
import type { ClassificationPredictions, RegressionPredictions, SplitPredictions } from './predictions.ts'
import type { Resampled } from './resampled.ts'

export type MetricKind =
  | 'accuracy'
  | 'balancedAccuracy'
  | 'topKAccuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'kappa'
  | 'mcc'
  | 'rocAuc'
  | 'averagePrecision'
  | 'logLoss'
  | 'brier'
  | 'ece'
  | 'mse'
  | 'mae'
  | 'rmse'
  | 'r2'
  | 'explainedVariance'
  | 'maxError'

/**
 * A metric as an experiment holds it: a value that can be named, serialised and computed over the predictions of a whole split.
 */
export interface Metric {
  readonly kind: MetricKind
  /** What was chosen, for the manifest: `{ average: 'macro' }`. */
  readonly config: Readonly<Record<string, string | number>>
  /** Name in logs and tables, different for different choices: `f1Macro`. */
  readonly name: string
  /** Whether more is better. */
  readonly goal: 'max' | 'min'
  readonly task: SplitPredictions['task']
  /**
   * NaN when the predictions hold NaN: a diverged run is logged as one. NaN too where the metric says that it is undefined.
   *
   * @throws UsageError when the predictions are of the other task
   */
  compute(predictions: SplitPredictions): number
  /**
   * The same for many resamples of the examples: `compute(p)` equals `resampled(p)()`.
   *
   * @throws UsageError as `compute` does
   */
  resampled(predictions: SplitPredictions): Resampled
}

type Choice = Pick<Metric, 'kind' | 'name' | 'goal'> & Partial<Pick<Metric, 'config'>>

/** A metric over classification predictions. */
export const classificationMetric = (
  choice: Choice,
  resampled: (predictions: ClassificationPredictions) => Resampled,
): Metric =>
  metric('classification', choice, (predictions) => {
    if (predictions.task !== 'classification') throw wrongTask(choice.name, 'classes', 'mse(), mae(), rmse() or r2()')
    return predictions.scores.some(Number.isNaN) ? () => Number.NaN : resampled(predictions)
  })

/** A metric over regression predictions. */
export const regressionMetric = (
  choice: Choice,
  resampled: (predictions: RegressionPredictions) => Resampled,
): Metric =>
  metric('regression', choice, (predictions) => {
    if (predictions.task !== 'regression') throw wrongTask(choice.name, 'numbers', 'accuracy(), f1() or logLoss()')
    return resampled(predictions)
  })

const metric = (task: Metric['task'], { config = {}, ...choice }: Choice, resampled: Metric['resampled']): Metric => ({
  ...choice,
  config,
  task,
  compute: (predictions) => resampled(predictions)(),
  resampled,
})

const wrongTask = (name: string, expected: string, instead: string): UsageError =>
  new UsageError(`the metric ${name} needs targets that are ${expected}, and this data set has others: use ${instead}`)
