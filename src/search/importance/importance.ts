import * as z from 'zod'
import type { Table } from '../../baselines/baseline.ts'
import { randomForest } from '../../baselines/trees/randomForest.ts'
import { UsageError } from '../../errors.ts'
import { r2Score } from '../../metrics/index.ts'
import { parseConfig } from '../../nn/config.ts'
import { foldIn, type Key, permutation } from '../../random/index.ts'
import { uniforms } from '../samplers/chance.ts'
import { fillPoint, type Point, type Space, unitOf, valueAt } from '../space/index.ts'
import { finalValue, type TrialRecord } from '../trial.ts'

export interface ImportanceOptions {
  /** All of the chance in it. */
  readonly key: Key
  /**
   * What is explained: the values (default), or their ranks, which a few diverged trials do not drown.
   */
  readonly of?: 'value' | 'rank'
  /** Points of the space at which the forest is asked, for each parameter (default 2,000). */
  readonly points?: number
}

/** What one parameter has to do with the values. */
export interface ParameterImportance {
  /** As in the space's axes: `lr`, `optimizer/adam/beta1`. */
  readonly path: string
  /** Share of the variance that goes away when this parameter alone is known, from 0 to 1. */
  readonly main: number
  /** Share of the variance that stays when all others are known, from 0 to 1: with all that it does together with others. */
  readonly total: number
}

export interface Importance {
  /** The most important first, by `total`. */
  readonly parameters: readonly ParameterImportance[]
  /** R² of the forest on trials that it has not seen, in five folds: near 0 or below, the shares say nothing. */
  readonly r2: number
}

const schema = z.object({
  of: z.enum(['value', 'rank']).optional(),
  points: z.int().min(100, 'give a whole number of at least 100').optional(),
})
const FEWEST = 10
const FOLDS = 5

/**
 * How much of the variance of the values each parameter explains, all over the space: functional analysis of variance of a random forest that has
 * learnt the complete trials. A parameter of a branch counts as far as its branch is chosen.
 *
 * Not for deciding what to leave out of a space after a handful of trials (look at `r2`), and not for what matters near the best: a
 * parameter whose worst tenth is hopeless is important here, however flat the rest.
 *
 * Sources: Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014; shares by the estimators of
 * Saltelli et al., Computer Physics Communications 181 (2010), table 2 (b) and (f), where the paper integrates over the trees.
 *
 * @param trials - of a study; those that are complete are used
 * @throws UsageError when fewer than ten trials are complete
 *
 * @example
 * const { parameters, r2 } = await parameterImportance(space, study.trials, { key: key(0) })
 */
export async function parameterImportance(
  space: Space,
  trials: readonly TrialRecord[],
  options: ImportanceOptions,
): Promise<Importance> {
  const { of = 'value', points = 2000 } = parseConfig('parameterImportance', schema, options)
  const { key } = options
  const complete = trials.flatMap((trial) => {
    const value = finalValue(trial)
    return value === undefined ? [] : [{ row: rowOf(space, trial.point), value }]
  })
  if (complete.length < FEWEST)
    throw new UsageError(`importance: ${complete.length} trials are complete; it takes at least ${FEWEST}`)
  const rows = complete.map(({ row }) => row)
  const values = of === 'rank' ? ranksOf(complete.map(({ value }) => value)) : complete.map(({ value }) => value)
  const model = await fit(rows, values, foldIn(key, 'forest'))
  const [a, b] = ['a', 'b'].map((name) => {
    const next = uniforms(foldIn(key, name))
    return Array.from({ length: points }, () => space.axes.map(next))
  })
  if (a === undefined || b === undefined) throw new Error('there are two samples')
  const ask = (units: readonly (readonly number[])[]): Promise<readonly number[]> =>
    model(
      units.map((unit) =>
        rowOf(
          space,
          fillPoint(space.axes, ({ parameter }, i) => valueAt(parameter, unit[i] ?? 0)),
        ),
      ),
    )
  const [atA, atB] = [await ask(a), await ask(b)]
  const variance = varianceOf([...atA, ...atB])
  const parameters: ParameterImportance[] = []
  for (const [axis, { path }] of space.axes.entries()) {
    const mixed = await ask(a.map((unit, row) => unit.map((u, i) => (i === axis ? (b[row]?.[i] ?? u) : u))))
    const share = (term: (x: number, y: number, xy: number) => number): number => {
      const sum = mixed.reduce((total, xy, row) => total + term(atA[row] ?? 0, atB[row] ?? 0, xy), 0)
      return variance === 0 ? 0 : Math.min(1, Math.max(0, sum / points / variance))
    }
    parameters.push({ path, main: share((x, y, xy) => y * (xy - x)), total: share((x, _, xy) => (x - xy) ** 2 / 2) })
  }
  parameters.sort((one, other) => other.total - one.total)
  return { parameters, r2: await validated(rows, values, key) }
}

/** Places in the unit interval; outside of it where a parameter is not there. */
const rowOf = ({ axes }: Space, point: Point): readonly number[] =>
  axes.map(({ parameter }, i) => {
    const value = point[i]
    return value === undefined ? -1 : unitOf(parameter, value)
  })

type Model = (rows: readonly (readonly number[])[]) => Promise<readonly number[]>

/** Values are centred for the forest and its shares, whose estimators suffer from a large mean. */
async function fit(rows: readonly (readonly number[])[], values: readonly number[], key: Key): Promise<Model> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = Float32Array.from(values, (value) => value - mean)
  const forest = await randomForest().fit(tableOf(rows), { task: 'regression', values: centred, width: 1 }, key)
  return async (queries) => Array.from(await forest.predict(tableOf(queries)))
}

async function validated(rows: readonly (readonly number[])[], values: readonly number[], key: Key): Promise<number> {
  const order = permutation(foldIn(key, 'folds'), rows.length)
  const predicted = new Float32Array(rows.length)
  for (let fold = 0; fold < FOLDS; fold++) {
    const [inside, outside] = [0, 1].map((out) =>
      Array.from(order).filter((_, i) => Number(i % FOLDS === fold) === out),
    )
    const of = (rest: readonly number[] = []) => rest.map((i) => rows[i] ?? [])
    const known = (inside ?? []).map((i) => values[i] ?? 0)
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length
    const model = await fit(of(inside), known, foldIn(foldIn(key, 'fold'), fold))
    for (const [at, value] of (await model(of(outside))).entries()) predicted[outside?.[at] ?? 0] = value + mean
  }
  return r2Score(Float32Array.from(values), predicted)
}

const tableOf = (rows: readonly (readonly number[])[]): Table => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  width: rows[0]?.length ?? 0,
})

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

/** The rank of each value from 0 to 1; equal ones share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((x, y) => x - y)
  return values.map((value) => {
    const [first, last] = [sorted.indexOf(value), sorted.lastIndexOf(value)]
    return (first + last) / 2 / (values.length - 1)
  })
}
