import type { LoadHooks } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import type { Split } from '../../train/evaluate.ts'
import {
  dataKey,
  type Experiment,
  type Prepared,
  type PreparedData,
  prepareData,
  prepareNetwork,
} from '../../train/index.ts'
import { type Folds, type MaterializedFolds, materializeFolds } from '../crossValidation/folds.ts'
import type { Search } from './search.ts'

/** What one training of a trial works with. */
export interface Part {
  /** Without the data's test split: no search looks at it. */
  readonly prepared: Prepared
  /** What the trained network is judged by. */
  readonly scoring: Split
  /** From 0, where there are folds. */
  readonly fold?: number
}

/** Where the samples of a search come from, so that all its trials are judged by the same ones. */
export interface Known {
  /** Of the training data; not there where experiments of the search are on different ones. */
  readonly fingerprint?: string
  readonly folds?: Folds
}

export interface Materials {
  /**
   * The data of an experiment, for each of its folds, or once.
   *
   * @throws UsageError where the data are others than those that are known, or do not go with the experiment
   */
  of(experiment: Experiment): Promise<readonly Part[]>
  /** What is known of the data by now. */
  known(): Known
}

/** Preparations that are kept; a search may vary them, too. */
const KEPT = 4

/**
 * Loads the data of the experiments of a search, each preparation once.
 *
 * @param known - from the beginning of the search
 */
export function materialsOf(
  { name, crossValidation }: Pick<Search, 'name' | 'crossValidation'>,
  known: Known = {},
  hooks: LoadHooks = {},
): Materials {
  if (crossValidation === undefined) return heldOut(name, known, hooks)
  let division = known.folds
  let materialized: Promise<MaterializedFolds> | undefined
  return {
    of: async (experiment) => {
      materialized ??= materializeFolds(experiment, { folds: division ?? crossValidation }, hooks)
      const folds = await materialized
      division = folds.division
      const prepared = await folds.prepare(experiment)
      return prepared.map((own, fold) => ({ prepared: own, scoring: own.test, fold }))
    },
    known: () => (division === undefined ? {} : { fingerprint: division.fingerprint, folds: division }),
  }
}

/** What experiments hold out themselves. */
function heldOut(name: string, { fingerprint }: Known, hooks: LoadHooks): Materials {
  const kept = new Map<string, PreparedData>()
  const seen = new Set<string>()
  const dataOf = async (experiment: Experiment): Promise<PreparedData> => {
    const key = dataKey(experiment)
    const data = kept.get(key) ?? withoutTest(await prepareData(experiment, hooks))
    // The last one used goes last.
    kept.delete(key)
    kept.set(key, data)
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old)
    return data
  }
  return {
    of: async (experiment) => {
      const prepared = prepareNetwork(experiment, await dataOf(experiment))
      const { fingerprint: own } = prepared.train.dataset
      if (fingerprint !== undefined && own !== fingerprint)
        throw new UsageError(
          `search ${name}: ${prepared.train.dataset.name} holds other training data than when the search was begun (${own.slice(0, 12)} in place of ${fingerprint.slice(0, 12)}): give them as they were, or begin anew in another place with --studies`,
        )
      seen.add(own)
      return [{ prepared, scoring: prepared.validation }]
    },
    known: () => {
      const [only, ...others] = seen
      return only === undefined || others.length > 0 ? {} : { fingerprint: only }
    },
  }
}

const withoutTest = (data: PreparedData): PreparedData => ({
  ...data,
  test: { dataset: data.test.dataset, indices: new Uint32Array() },
})
