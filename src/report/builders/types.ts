import type { Reference, ValueReference } from './reference.ts'

/** Metrics that experiments list; others go by their names too. */
type MetricName =
  | 'loss'
  | 'accuracy'
  | 'balancedAccuracy'
  | 'f1Macro'
  | 'f1Micro'
  | 'f1Weighted'
  | 'precisionMacro'
  | 'recallMacro'
  | 'rocAucMacro'
  | 'mcc'
  | 'logLoss'
  | 'brier'
  | 'mse'
  | 'rmse'
  | 'mae'
  | 'r2'
  | 'maxError'

/** The last value of a metric, of the weights that were tested; its other values by name. */
export interface ScoreReference extends ValueReference {
  readonly last: ValueReference
  readonly lastEpoch: ValueReference
  /** Of the best epoch, which flatters a model. */
  readonly best: ValueReference
  readonly bestEpoch: ValueReference
  /** Ends of the 95 % interval; of the test split alone. */
  readonly low: ValueReference
  readonly high: ValueReference
  /** `98.32% to 98.78%` */
  readonly interval: ValueReference
}

/** A mean over seeds. */
export interface GroupScoreReference extends ScoreReference {
  readonly mean: ValueReference
  /** Standard deviation over the seeds. */
  readonly std: ValueReference
  readonly seeds: ValueReference
  /** `98.57% ± 0.12 pp` */
  readonly meanStd: ValueReference
}

export type SplitReference<S> = { readonly [name in MetricName]: S } & { readonly [metric: string]: S }

type Values<Names extends string> = { readonly [name in Names]: ValueReference }
type AnyValues = { readonly [name: string]: ValueReference }

/** What is told of how runs were made. */
interface FactReferences
  extends Reference,
    Values<
      | 'name'
      | 'model'
      | 'parameters'
      | 'layers'
      | 'lr'
      | 'momentum'
      | 'weightDecay'
      | 'schedule'
      | 'loss'
      | 'epochs'
      | 'batchSize'
      | 'commit'
      | 'file'
      | 'grid'
      | 'duration'
    > {
  readonly optimizer: ValueReference & { readonly settings: ValueReference }
  /** Every setting by its path: `.settings['optimizer.beta1']`. */
  readonly settings: AnyValues
  readonly data: Values<'name' | 'train' | 'validation' | 'test' | 'classes' | 'shape' | 'fingerprint'>
  readonly machine: Values<'cpu' | 'cores' | 'memory' | 'system'>
  readonly versions: Values<'assay' | 'node' | 'onnxruntime'>
}

export interface RunReference extends FactReferences, Values<'id' | 'seed' | 'status'> {
  readonly train: SplitReference<ScoreReference>
  readonly validation: SplitReference<ScoreReference>
  readonly test: SplitReference<ScoreReference>
}

export interface GroupReference
  extends FactReferences,
    Values<'label' | 'cells' | 'runs' | 'finished' | 'diverged' | 'seeds'> {
  readonly train: SplitReference<GroupScoreReference>
  readonly validation: SplitReference<GroupScoreReference>
  readonly test: SplitReference<GroupScoreReference>
}

export interface StudyReference
  extends Reference,
    Values<'name' | 'direction' | 'objective' | 'trials' | 'complete' | 'pruned' | 'failed' | 'test'> {
  readonly best: Values<'value' | 'number'> & { readonly params: AnyValues }
}

/** JSON by name. */
export type JsonReference = ValueReference & { readonly [name: string]: JsonReference }

export interface ProfileReference
  extends Reference,
    Values<'name' | 'modality' | 'samples' | 'classes' | 'constantFeatures' | 'leftOut'> {
  readonly train: Values<'samples'> & { readonly fields: { readonly [column: string]: JsonReference } }
  readonly test: Values<'samples'> & { readonly fields: { readonly [column: string]: JsonReference } }
  readonly duplicates: Values<'withinTrain' | 'withinTest' | 'between' | 'conflicting'>
}
