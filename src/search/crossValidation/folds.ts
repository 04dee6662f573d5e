import { divideWithin, type FoldStrategy, type HoldOutStrategy, type LoadHooks } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import {
  describe,
  type Experiment,
  type Json,
  type Prepared,
  type PreparedData,
  prepareData,
  prepareNetwork,
} from '../../train/index.ts'
import { defaultInner, watches } from './inner.ts'

/** A strategy by name and options. */
export interface Described {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
}

/** One fold, in ascending numbers of the training data's samples; none is in both parts. */
export interface Fold {
  /** From 0, among those of its repeat. */
  readonly fold: number
  /** From 0; other than 0 for `repeated` folds alone. */
  readonly repeat: number
  /** What may be trained on and watched. */
  readonly train: Uint32Array
  /** What gives the score: not trained on, not watched, not seen by the preparation. */
  readonly score: Uint32Array
}

/** The folds of a data set, to be made once and shared by all that is compared on them. */
export interface Folds {
  /** Of the training data that they divide. */
  readonly fingerprint: string
  readonly samples: number
  readonly strategy: Described
  /** How what a training watches is held out of its training part. */
  readonly inner: HoldOutStrategy
  readonly folds: readonly Fold[]
}

/** Folds and the data that they are of. */
export interface MaterializedFolds {
  readonly division: Folds
  /**
   * Data and network of each fold, for an experiment on the data that the folds are of; its own split is not looked at. The preparation is
   * fitted on what the fold trains on alone, once for all experiments that prepare alike. `train` is the fold's training part, less
   * `validation` where the experiment {@link watches} samples; `test` is the fold that gives the score, so that it is looked at where a
   * test split is: once, after training. The data's own test split is not there.
   *
   * @throws UsageError where the experiment is on other data, or its parts do not go together
   */
  prepare(experiment: Experiment): Promise<readonly Prepared[]>
}

export interface FoldOptions {
  /** As in `stratifiedKFold({ folds: 5 })`, or what was divided before. */
  readonly folds: FoldStrategy | Folds
  /**
   * How the samples that a training watches are held out of each fold's training part. Default: a fifth, with the classes' proportions, whole
   * groups or the latest as the folds have it.
   */
  readonly inner?: HoldOutStrategy
}

/**
 * Loads an experiment's data and divides their training split into folds: the part that the experiment validates on otherwise is in them,
 * its test split is not.
 *
 * @throws UsageError when the samples cannot be divided like this, or are not those that were divided before
 * @example
 * const folds = await materializeFolds(experiment, { folds: stratifiedKFold({ folds: 5 }) })
 * for (const { train, validation, test } of await folds.prepare(experiment)) …
 */
export async function materializeFolds(
  experiment: Experiment,
  { folds, inner }: FoldOptions,
  hooks: LoadHooks = {},
): Promise<MaterializedFolds> {
  const loaded = await experiment.data.load(hooks)
  const { train: dataset } = loaded
  const given = 'divide' in folds ? divided(folds, dataset) : folds
  const { name, fingerprint } = dataset
  if (given.fingerprint !== fingerprint)
    throw new UsageError(
      `${name} holds other training data than the folds are of (${fingerprint.slice(0, 12)} in place of ${given.fingerprint.slice(0, 12)}): divide them anew`,
    )
  const division = { ...given, ...(inner && { inner }) }
  const source = dataText(experiment)
  const data = { ...experiment.data, load: async () => loaded }
  const prepared = new Map<string, Promise<readonly PreparedData[]>>()

  const prepareAll = (of: Experiment): Promise<PreparedData[]> =>
    inTurn(division.folds, async ({ train, score }) => {
      const whole = { train, validation: new Uint32Array() }
      const [parts = whole] = watches(of) ? divideWithin(dataset, train, division.inner) : []
      const own = await prepareData(
        { data, split: of.split, prepare: of.prepare },
        { division: { fingerprint, ...parts } },
      )
      return { ...own, test: { dataset: own.train.dataset, indices: score } }
    })
  return {
    division,
    prepare: async (of) => {
      if (dataText(of) !== source)
        throw new UsageError(
          `${of.name} is on other data than the folds are of (${experiment.name}’s): make folds of its own`,
        )
      const key = JSON.stringify([describe(of).prepare, watches(of)])
      const before = prepared.get(key)
      const coming = before ?? prepareAll(of)
      if (before === undefined) {
        prepared.set(key, coming)
        coming.catch(() => prepared.delete(key))
      }
      return (await coming).map((own) => prepareNetwork(of, own))
    },
  }
}

const dataText = (experiment: Experiment): string => JSON.stringify(describe(experiment).data)

function divided(strategy: FoldStrategy, dataset: Parameters<FoldStrategy['divide']>[0]): Folds {
  const { kind, config, count } = strategy
  const { times } = config
  const each = kind === 'repeated' && typeof times === 'number' ? count / times : count
  return {
    fingerprint: dataset.fingerprint,
    samples: dataset.length,
    strategy: { kind, config },
    inner: defaultInner(strategy),
    folds: strategy.divide(dataset).map(({ train, validation: score }, i) => {
      return { fold: i % each, repeat: Math.floor(i / each), train, score }
    }),
  }
}

/** One after the other: each may need much memory for a while. */
async function inTurn<A, B>(list: readonly A[], act: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = []
  for (const one of list) results.push(await act(one))
  return results
}

/** A strategy as plain data. */
export const plainStrategy = ({ kind, config }: Described): { readonly [name: string]: Json } =>
  JSON.parse(JSON.stringify({ kind, ...config }))
