import type { LoadHooks } from '../../data/index.ts'
import type { Split } from '../../train/evaluate.ts'
import {
  dataKey,
  type Experiment,
  type Prepared,
  type PreparedData,
  prepareData,
  prepareNetwork,
} from '../../train/index.ts'
import { type MaterializedFolds, materializeFolds } from '../crossValidation/folds.ts'
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

/** The data of an experiment, for each of its folds, or once. */
export type Materials = (experiment: Experiment) => Promise<readonly Part[]>

/** Preparations that are kept; a search may vary them, too. */
const KEPT = 4

/** Loads the data of the experiments of a search, each preparation once; folds are made once, and are the same for all trials. */
export function materialsOf(
  { crossValidation: folds }: Pick<Search, 'crossValidation'>,
  hooks: LoadHooks = {},
): Materials {
  if (folds === undefined) return heldOut(hooks)
  let materialized: Promise<MaterializedFolds> | undefined
  return async (experiment) => {
    materialized ??= materializeFolds(experiment, { folds }, hooks)
    const prepared = await (await materialized).prepare(experiment)
    return prepared.map((own, fold) => ({ prepared: own, scoring: own.test, fold }))
  }
}

/** What the experiment itself holds out. */
function heldOut(hooks: LoadHooks): Materials {
  const kept = new Map<string, PreparedData>()
  const dataOf = async (experiment: Experiment): Promise<PreparedData> => {
    const key = dataKey(experiment)
    const data = kept.get(key) ?? withoutTest(await prepareData(experiment, hooks))
    // The last one used goes last.
    kept.delete(key)
    kept.set(key, data)
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old)
    return data
  }
  return async (experiment) => {
    const prepared = prepareNetwork(experiment, await dataOf(experiment))
    return [{ prepared, scoring: prepared.validation }]
  }
}

const withoutTest = (data: PreparedData): PreparedData => ({
  ...data,
  test: { dataset: data.test.dataset, indices: new Uint32Array() },
})
