import { UsageError } from '../errors.ts'
import type { ClassificationPredictions, RegressionPredictions, SplitPredictions } from './predictions.ts'

export type MetricKind =
  | 'accuracy'
  | 'balancedAccuracy'
  | 'topKAccuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'logLoss'
  | 'mse'
  | 'mae'
  | 'rmse'
  | 'r2'

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
   * NaN when the predictions hold NaN: a diverged run is logged as one.
   *
   * @throws UsageError when the predictions are of the other task
   */
  compute(predictions: SplitPredictions): number
}

type Choice = Pick<Metric, 'kind' | 'name' | 'goal'> & Partial<Pick<Metric, 'config'>>

/** A metric over classification predictions. */
export const classificationMetric = (
  { config = {}, ...choice }: Choice,
  compute: (predictions: ClassificationPredictions) => number,
): Metric => ({
  ...choice,
  config,
  task: 'classification',
  compute(predictions) {
    if (predictions.task !== 'classification') throw wrongTask(choice.name, 'classes', 'mse(), mae(), rmse() or r2()')
    return predictions.scores.some(Number.isNaN) ? Number.NaN : compute(predictions)
  },
})

/** A metric over regression predictions. */
export const regressionMetric = (
  { config = {}, ...choice }: Choice,
  compute: (predictions: RegressionPredictions) => number,
): Metric => ({
  ...choice,
  config,
  task: 'regression',
  compute(predictions) {
    if (predictions.task !== 'regression') throw wrongTask(choice.name, 'numbers', 'accuracy(), f1() or logLoss()')
    return compute(predictions)
  },
})

const wrongTask = (name: string, expected: string, instead: string): UsageError =>
  new UsageError(`the metric ${name} needs targets that are ${expected}, and this data set has others: use ${instead}`)
