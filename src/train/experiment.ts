import type { Augmentation, DataSource, HoldOutStrategy, Transform } from '../data/index.ts'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import type { Metric } from '../metrics/index.ts'
import { isLayer, type Layer, type Loss, parseConfig } from '../nn/index.ts'
import {
  type Averaging,
  type Clipping,
  constantSchedule,
  type Optimizer,
  parseClipping,
  type Regularizer,
  type Schedule,
} from '../optim/index.ts'
import { type Asserts, requireAsserts } from './asserts.ts'
import type { EarlyStopping } from './earlyStopping.ts'
import type { Callback } from './fit.ts'
import type { Mixup } from './mixup.ts'
import { type Recording, recordOf } from './record/record.ts'
import { isStrategy, scalars, setting, splitOptions } from './settings.ts'

/** How the training data are divided; the test split is the data source's own. */
export interface SplitOptions {
  /** Samples to validate on: a count, or a share below 1. 0: none. */
  readonly validation: number
  /** Keep the proportions of the classes; default true for classification. */
  readonly stratify?: boolean
  /** Another seed divides otherwise; default 0. It does not follow the experiment's seeds: they share one division. */
  readonly seed?: number
}

/** What is done to samples before the model has them. */
export type Preparation = Transform | Augmentation

export interface ExperimentOptions {
  /** Letters, digits, dots, dashes and underscores: it becomes part of folder names. */
  readonly name: string
  readonly data: DataSource
  /** Default: no validation split. Options stand for `holdOut`; `groupedHoldOut`, `timeOrdered` or a fold are given as they are. */
  readonly split?: SplitOptions | HoldOutStrategy
  /**
   * Transforms, fitted on the training split in this order, after the augmentations, which are for training alone; default
   * none (uint8 becomes float32 as it is).
   */
  readonly prepare?: readonly Preparation[]
  readonly model: Layer
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** Default: the optimiser's learning rate throughout. */
  readonly schedule?: Schedule
  /** Default 64. */
  readonly batchSize?: number
  /** Passes over the training split. */
  readonly epochs: number
  /** One run each; default `[0]`. */
  readonly seeds?: readonly number[]
  /** Computed over whole splits after each epoch; default none beside the loss. */
  readonly metrics?: readonly Metric[]
  /** Preferences among weights, as `l1({ lambda: 1e-4 })`; the loss that is logged is without their penalty. Default none. */
  readonly regularizers?: readonly Regularizer[]
  /** Keeps gradients small before each step: `{ norm: 1 }` shortens all of them together, `{ value: 0.5 }` cuts each off. Default: neither. */
  readonly clip?: Clipping
  /** Averages the weights along the training, as `ema()` or `swa()`: the average is evaluated, and is what training ends with. Default: none. */
  readonly averaging?: Averaging
  /** Trains on mixtures of samples. Default: none. */
  readonly mixup?: Mixup
  /** Batches whose gradients are one step's: as if the batch were that many times larger, in the memory of one. Default 1. */
  readonly accumulate?: number
  /** When to evaluate; default after each epoch, on the validation split. */
  readonly evaluation?: EvaluationOptions
  /** Which value says how good the weights are, as in `validation.accuracy`; default `validation.loss`, or `train.loss` without that split. */
  readonly monitor?: string
  /** Default: none, all epochs are trained. */
  readonly earlyStopping?: EarlyStopping
  /**
   * What a run keeps of the way that the weights take: `{ weights: { everyEpochs: 3 }, steps: { every: 1 } }`. Of runs alone: fits of a
   * search or of cross-validation have no folder. Default: nothing, at no cost.
   */
  readonly record?: Recording
  /**
   * What the test scores must come to, as the mean over the seeds: `assay run` fails where they do not, when it runs the file as it stands.
   * No run differs for them. Default none.
   */
  readonly asserts?: Asserts
  /** Told of each step and epoch. They are no part of what an experiment is: no run differs for them. Default none. */
  readonly callbacks?: readonly Callback[]
}

/** When and on what an experiment is evaluated while it trains. The last epoch's end is always one of the times. */
export interface EvaluationOptions {
  /** Epochs from one evaluation to the next; default 1. */
  readonly everyEpochs?: number
  /** Steps from one evaluation to the next, in place of epochs. */
  readonly everySteps?: number
  /** Evaluate on the whole training split too, dropout and augmentation off; default false. */
  readonly train?: boolean
}

/** Options without which an experiment does without. */
type Optional = 'monitor' | 'earlyStopping' | 'clip' | 'averaging' | 'mixup'

/** An experiment: a value that says everything a run depends on. */
export interface Experiment
  extends Required<Omit<ExperimentOptions, Optional | 'evaluation'>>,
    Pick<ExperimentOptions, Optional> {
  readonly evaluation: EvaluationOptions & Required<Omit<EvaluationOptions, 'everySteps'>>
  /** Another experiment with some parts replaced. */
  with(changes: Partial<ExperimentOptions>): Experiment
  /**
   * Another experiment with one setting replaced, named by its path: `batchSize`, `optimizer.lr`, `split.validation`,
   * `model.3.p`. Throws a UsageError that lists what there is when the path leads nowhere.
   */
  set(path: string, value: unknown): Experiment
}

export const experimentKind = new ResultKind<Experiment>()

/**
 * Describes an experiment. An experiment file's default export is one.
 *
 * @throws UsageError naming the option, its value and what it must be
 * @example
 * export default experiment({
 *   name: 'mnist-dense',
 *   data: mnist(),
 *   split: { validation: 10_000 },
 *   prepare: [standardize()],
 *   model: sequential(flatten(), linear(128), relu(), linear(10)),
 *   loss: crossEntropy(),
 *   optimizer: adam({ lr: 1e-3 }),
 *   epochs: 3,
 *   metrics: [accuracy()],
 * })
 */
export function experiment(options: ExperimentOptions): Experiment {
  const complete = {
    schedule: constantSchedule(),
    split: { validation: 0 },
    prepare: [],
    batchSize: 64,
    seeds: [0],
    metrics: [],
    accumulate: 1,
    regularizers: [],
    callbacks: [],
    asserts: {},
    ...options,
    evaluation: { everyEpochs: 1, train: false, ...options.evaluation },
    record: recordOf(options.record ?? {}),
  }
  const { name, batchSize, epochs, seeds, split, accumulate, evaluation } = complete
  checkNames(complete)
  parseConfig('experiment', scalars, { name, batchSize, epochs, seeds, accumulate, evaluation })
  if (!isStrategy(split)) parseConfig('experiment', splitOptions, { split })
  if (complete.clip !== undefined) parseClipping(complete.clip)
  checkParts(complete)
  requireAsserts(complete)
  const itself: Experiment = {
    ...complete,
    with: (changes) => experiment({ ...options, ...changes }),
    set: (path, value) => setting(itself, options, path, value),
  }
  return experimentKind.mark(itself)
}

const OPTIONS: Readonly<Record<keyof ExperimentOptions, true>> = {
  name: true,
  data: true,
  split: true,
  prepare: true,
  model: true,
  loss: true,
  optimizer: true,
  schedule: true,
  batchSize: true,
  epochs: true,
  seeds: true,
  metrics: true,
  regularizers: true,
  clip: true,
  averaging: true,
  mixup: true,
  accumulate: true,
  evaluation: true,
  monitor: true,
  earlyStopping: true,
  record: true,
  callbacks: true,
  asserts: true,
}

function checkNames(options: ExperimentOptions): void {
  for (const name of Object.keys(options))
    if (!(name in OPTIONS))
      throw new UsageError(`experiment: no option "${name}"; the options are ${Object.keys(OPTIONS).join(', ')}`)
}

/** A callback with none of these would never be called. */
const HOOKS: readonly (keyof Callback)[] = ['onStart', 'onStep', 'onMeasures', 'onEvaluation', 'onEpoch', 'onEnd']

/** What only the types promise: an experiment file need not have been through a type checker. */
function checkParts(options: Omit<Experiment, 'with' | 'set'>): void {
  const { data, split, model, loss, optimizer, schedule, prepare, metrics, callbacks, monitor, earlyStopping } = options
  const { regularizers, averaging, mixup } = options
  const has = (value: unknown, method: string): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
  const listed = <T>(value: readonly T[]): readonly T[] => (Array.isArray(value) ? value : [])
  const parts: readonly (readonly [part: string, value: unknown, isRight: boolean, example: string])[] = [
    ['data', data, has(data, 'load'), 'mnist()'],
    ['split', split, !isStrategy(split) || !has(split, 'fold'), `${isStrategy(split) ? split.kind : ''}(…).fold(0)`],
    ['model', model, isLayer(model), 'sequential(flatten(), linear(10))'],
    ['loss', loss, has(loss, 'apply'), 'crossEntropy()'],
    ['optimizer', optimizer, has(optimizer, 'update'), 'adam({ lr: 1e-3 })'],
    ['schedule', schedule, has(schedule, 'factor'), 'cosine()'],
    ['prepare', prepare, Array.isArray(prepare), '[standardize()]'],
    ['metrics', metrics, Array.isArray(metrics), '[accuracy()]'],
    ['regularizers', regularizers, Array.isArray(regularizers), '[l1({ lambda: 1e-4 })]'],
    ...listed(regularizers).map(
      (one, i) => [`regularizers.${i}`, one, has(one, 'bind'), 'l1({ lambda: 1e-4 })'] as const,
    ),
    ['averaging', averaging, averaging === undefined || has(averaging, 'due'), 'ema()'],
    ['mixup', mixup, mixup === undefined || has(mixup, 'with'), 'mixup({ alpha: 0.2 })'],
    ['callbacks', callbacks, Array.isArray(callbacks), '[{ onEpoch: (report) => console.log(report) }]'],
    ...listed(callbacks).map(
      (one, i) =>
        [
          `callbacks.${i}`,
          one,
          HOOKS.some((hook) => has(one, hook)),
          '{ onEpoch: (report) => console.log(report) }',
        ] as const,
    ),
    ['monitor', monitor, monitor === undefined || typeof monitor === 'string', "'validation.loss'"],
    [
      'earlyStopping',
      earlyStopping,
      earlyStopping === undefined || has(earlyStopping, 'with'),
      'earlyStopping({ patience: 3 })',
    ],
    ...listed(prepare).map(
      (one, i) => [`prepare.${i}`, one, has(one, 'fit') || has(one, 'augmenter'), 'standardize()'] as const,
    ),
    ...listed(metrics).map((one, i) => [`metrics.${i}`, one, has(one, 'compute'), 'accuracy()'] as const),
  ]
  for (const [part, value, isRight, example] of parts) {
    if (isRight) continue
    const what = value === undefined ? 'missing' : typeof value === 'function' ? 'a function; call it' : nameOf(value)
    throw new UsageError(`experiment: "${part}" is ${what}: give one, as in ${example}`)
  }
  const late = prepare.findIndex((one, i) => 'augmenter' in one && i > 0 && !('augmenter' in (prepare[i - 1] ?? one)))
  if (late >= 0)
    throw new UsageError(
      `experiment: "prepare.${late}" is ${prepare[late]?.kind}() after ${prepare[late - 1]?.kind}(): put it first, because it changes samples as they are stored`,
    )
  const names = ['loss', ...listed(metrics).map(({ name }) => name)]
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    throw new UsageError(`experiment: two values would be logged as "${twice}"; leave one of the metrics out`)
}

/** What kind of thing stands where another was expected; the mean squared error is a loss and a metric by one name. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const kind: unknown = Reflect.get(value, 'kind')
  if (typeof kind !== 'string') return JSON.stringify(value).slice(0, 60)
  if ('apply' in value && 'state' in value)
    return `what ${kind}() has learnt already, and from which samples nobody knows`
  const isLoss = 'apply' in value && 'targetType' in value
  return isLoss ? `the loss ${kind}(), whose metric is imported from 'assay/metrics'` : `${kind}()`
}

/** Whether a value is an experiment: what an experiment file must export. */
export const isExperiment = (value: unknown): value is Experiment =>
  typeof value === 'object' && value !== null && 'model' in value && 'with' in value && 'set' in value
