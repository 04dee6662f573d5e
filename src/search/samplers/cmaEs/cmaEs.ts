import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import { normalQuantile } from '../../../metrics/index.ts'
import { parseConfig } from '../../../nn/config.ts'
import { foldIn, type Key } from '../../../random/index.ts'
import { clamp, type Point, type Space, unitOf, valueAt } from '../../space/index.ts'
import { ranked, type TrialRecord } from '../../trial.ts'
import { uniforms } from '../chance.ts'
import { admissible, type Problem, type Sampler, type Suggester } from '../sampler.ts'
import { begin, defaultSize, next, offspring, type State, type Strategy, strategy } from './state.ts'

export interface CmaEsOptions {
  /** Trials of a generation (default 4 + ⌊3 ln n⌋ for n parameters). Take at least as many as there are workers. */
  readonly populationSize?: number
  /** Standard deviation of the first generation around the middle of the ranges, as a share of them (default 0.25). */
  readonly sigma?: number
}

const schema = z.strictObject({
  populationSize: z.int().min(4, 'give a whole number of at least 4').optional(),
  sigma: z.number().gt(0, 'give a number above 0').max(1, 'give a number of at most 1').optional(),
})

/**
 * Covariance matrix adaptation: a normal distribution that moves, widens and turns towards the better half of each generation. Depends on
 * the ranks of values only. Logarithmic floats are searched by their logarithm.
 *
 * Trial i belongs to generation ⌊i / populationSize⌋, whatever worker takes it. The state of a generation follows from the points and ranks of the
 * generations before it, so the journal alone brings it back; a trial that is asked for before the last generation has ended is drawn from
 * the newest state there is. Pruned trials rank behind complete ones, failed ones last.
 *
 * For smooth continuous spaces and some hundred trials or more (a generation a dimension is a fair start). Not for choices, branches, whole numbers or
 * steps, which it refuses, nor for budgets below ten generations: `tpe` takes all of these.
 *
 * Source: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772 (2016): rank-one and rank-μ update with positive weights, cumulative
 * step-size adaptation. Points outside the ranges are drawn again, after 100 times pushed back.
 *
 * @throws UsageError, when the study is made, for parameters that are not continuous
 *
 * @example
 * const study = await createStudy({ name: 'fit', space: space({ a: float(-5, 5), b: float(-5, 5) }), sampler: cmaEs(), direction: 'minimize', key: key(0) })
 */
export function cmaEs(options: CmaEsOptions = {}): Sampler {
  const { populationSize, sigma = 0.25 } = parseConfig('cmaEs', schema, options)
  return {
    kind: 'cmaEs',
    config: { sigma, ...(populationSize !== undefined && { populationSize }) },
    start: (problem) => {
      const { axes } = problem.space
      const odd = axes.find(({ parameter }) => parameter.kind !== 'float' || parameter.step !== null)
      if (odd !== undefined)
        throw new UsageError(
          `cmaEs: "${odd.path}" is ${odd.parameter.kind === 'choice' ? 'a choice' : 'a number with steps'}, and only floats without steps can be ` +
            'searched by it: take tpe(), or a float that you round',
        )
      const s = strategy(axes.length, populationSize ?? defaultSize(axes.length))
      return suggester(problem, s, begin(new Array<number>(axes.length).fill(0.5), sigma))
    },
  }
}

function suggester({ space, direction, key }: Problem, s: Strategy, first: State): Suggester {
  let state = first
  const advance = (trials: readonly TrialRecord[]): void => {
    for (;;) {
      const from = state.generation * s.size
      const members = ranked(
        trials.filter(({ number }) => number >= from && number < from + s.size),
        direction,
      )
      if (members.length < s.size) return
      state = next(
        state,
        s,
        members.map(({ point }) => unitsOf(space, point)),
      )
    }
  }
  return {
    suggest: (number, trials) => {
      advance(trials)
      const own = foldIn(foldIn(key, 'cmaEs'), number)
      return admissible(space, (refused) => pointOf(space, inside(state, foldIn(own, refused))))
    },
  }
}

const RESAMPLED = 100

/** An offspring inside the unit cube. */
function inside(state: State, key: Key): number[] {
  const uniform = uniforms(key)
  const draw = (): number[] =>
    offspring(
      state,
      Array.from({ length: state.mean.rows }, () => normalQuantile(Math.max(uniform(), Number.EPSILON / 2))),
    )
  let units = draw()
  for (let again = 0; again < RESAMPLED && units.some((u) => u < 0 || u > 1); again++) units = draw()
  return units.map((u) => clamp(u, 0, 1))
}

const pointOf = ({ axes }: Space, units: readonly number[]): Point =>
  axes.map(({ parameter }, i) => valueAt(parameter, units[i] ?? 0))

const unitsOf = ({ axes }: Space, point: Point): number[] =>
  axes.map(({ parameter }, i) => unitOf(parameter, point[i] ?? Number.NaN))
