import type { FittedTransform, StorageType } from '../../data/index.ts'
import type { Metric, SplitPredictions } from '../../metrics/index.ts'
import { accuracy, f1, mae, r2, rmse } from '../../metrics/index.ts'
import type { TargetKind } from '../../nn/index.ts'
import type { Shape } from '../../tensor/index.ts'
import type { Split } from '../../train/evaluate.ts'

/** What a network says of samples. */
export interface Answer {
  /** Mean loss; absent where it is not known by which loss the network was trained. */
  readonly loss?: number
  readonly predictions: SplitPredictions
}

/** A trained network as it can be asked about samples, whatever it was loaded from. */
export interface TestedModel {
  /** In messages: `run mnist-lenet5-s0-…`, `net.onnx`. */
  readonly name: string
  /** Shape of one sample as it is stored, before the preparation. */
  readonly sample: Shape
  /** How samples are stored. */
  readonly dtype: StorageType
  readonly target: TargetKind
  /** Whether the classes are only numbers because nobody has named them. */
  readonly classesUnnamed?: true
  /** Whether missing values (NaN) are filled in by the preparation. */
  readonly fillsMissing: boolean
  /** What its predictions are judged by. */
  readonly metrics: readonly Metric[]
  /** The metric that its loss is, where one is: it has the loss's interval. */
  readonly lossMetric?: Metric
  /** What a user should know of how it was loaded. */
  readonly notes: readonly string[]
  evaluate(split: Split): Promise<Answer>
  /** Frees what it was loaded into. */
  dispose(): Promise<void>
}

/** Metrics where an experiment names none, or there is no experiment. */
export const usualMetrics = (task: TargetKind['task']): readonly Metric[] =>
  task === 'classification' ? [accuracy(), f1({ average: 'macro' })] : [rmse(), mae(), r2()]

/** Whether a preparation takes missing values. */
export const fillsMissing = ([first]: readonly FittedTransform[]): boolean => first?.kind === 'impute'
