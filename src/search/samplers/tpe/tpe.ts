import * as z from 'zod'
import { parseConfig } from '../../../nn/config.ts'
import { foldIn, type Key } from '../../../random/index.ts'
import type { Point } from '../../space/index.ts'
import { better, finalValue, ranked, type TrialRecord } from '../../trial.ts'
import { uniforms } from '../chance.ts'
import { randomPoint } from '../random.ts'
import { admissible, type Problem, type Sampler } from '../sampler.ts'
import { parzenEstimator } from './parzen.ts'

export interface TpeOptions {
  /** Finished trials before which points are random (default 10). */
  readonly startupTrials?: number
  /** Share of the finished trials that counts as good (default 0.15); they are 25 at most. */
  readonly gamma?: number
  /** Points drawn from the good trials' density, of which the most promising is taken (default 24). */
  readonly candidates?: number
}

const count = (least: number) => z.int().min(least, `give a whole number of at least ${least}`).optional()
const schema = z.strictObject({
  startupTrials: count(1),
  candidates: count(1),
  gamma: z.number().gt(0, 'give a share above 0').max(1, 'give a share of at most 1').optional(),
})

const MOST_GOOD = 25

/**
 * Tree-structured Parzen estimator, multivariate: of points drawn from the density of the good trials it takes the one with the largest ratio
 * to the density of all others. Takes every space: choices, whole numbers, scales, branches.
 *
 * A suggestion depends on the key, the trial's number and the trials that were finished or running when it was asked for, in the order of their
 * numbers. One worker gives the same study again; with several it depends on which trial ended first, and the journal, which keeps each
 * configuration, is the only record. Trials that run count as bad (the constant liar), so that workers do not all go to one place; failed ones count
 * as bad too, and pruned ones come after all complete ones.
 *
 * Of the points drawn none is taken that was tried before, as long as there are others: with the same seeds it would come to the same value. (Of 100
 * trials in a space of 864 configurations a third and more were such repeats.)
 *
 * Not for a handful of trials (until 10 are finished it is `random`), for hundreds of workers at once, nor for smooth continuous spaces with a
 * thousand trials or more, where `cmaEs` gets closer.
 *
 * Sources: Bergstra, Bardenet, Bengio, Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011; Watanabe, "Tree-structured Parzen estimator:
 * understanding its algorithm components and their roles for better empirical performance", arXiv 2304.11127 (2023), whose recommendations
 * the defaults follow: linear gamma, weights by improvement, a prior, kernels as wide as their neighbours are far.
 *
 * @example
 * const study = await createStudy({ name: 'mlp', space: of, sampler: tpe(), direction: 'maximize', key: key(0), trials: 60 })
 */
export function tpe(options: TpeOptions = {}): Sampler {
  const { startupTrials = 10, gamma = 0.15, candidates = 24 } = parseConfig('tpe', schema, options)
  const config = { startupTrials, gamma, candidates }
  return {
    kind: 'tpe',
    config,
    start: (problem) => ({
      suggest: (number, trials) => suggest(problem, foldIn(foldIn(problem.key, 'tpe'), number), trials, config),
    }),
  }
}

function suggest(
  { space, direction }: Problem,
  key: Key,
  trials: readonly TrialRecord[],
  { startupTrials, gamma, candidates }: Required<TpeOptions>,
): Point {
  const order = ranked(trials, direction)
  const usable = order.filter(({ outcome }) => outcome?.state !== 'failed')
  if (usable.length < startupTrials) return randomPoint(space, key)
  const good = usable.slice(0, Math.min(Math.ceil(gamma * usable.length), MOST_GOOD))
  const chosen = new Set(good)
  const rest = trials.filter((trial) => !chosen.has(trial))
  const likely = parzenEstimator(space.axes, good.map(pointOf), improvements(good, usable[good.length], direction))
  const unlikely = parzenEstimator(space.axes, rest.map(pointOf))
  const next = uniforms(key)
  const drawn = Array.from({ length: candidates }, () => admissible(space, () => likely.draw(next)))
  const tried = new Set(trials.map((trial) => JSON.stringify(pointOf(trial))))
  const others = drawn.filter((point) => !tried.has(JSON.stringify(point)))
  const open = others.length > 0 ? others : drawn
  const scores = open.map((point) => likely.logDensity(point) - unlikely.logDensity(point))
  const best = scores.reduce((at, score, i) => (score > (scores[at] ?? 0) ? i : at), 0)
  return open[best] ?? randomPoint(space, key)
}

const pointOf = ({ point }: TrialRecord): Point => point

/** By how much each good trial is better than the first that is not; alike where that cannot be told. */
function improvements(
  good: readonly TrialRecord[],
  threshold: TrialRecord | undefined,
  direction: Problem['direction'],
): readonly number[] | undefined {
  const limit = threshold && finalValue(threshold)
  if (limit === undefined) return undefined
  const order = better(direction)
  const gains = good.map((trial) => Math.abs((finalValue(trial) ?? limit) - limit))
  const worst = good.some((trial) => order(finalValue(trial) ?? limit, limit) > 0)
  const sum = gains.reduce((a, b) => a + b, 0)
  if (worst || !(sum > 0) || !Number.isFinite(sum)) return undefined
  const least = (1e-12 * sum) / gains.length
  return gains.map((gain) => Math.max(gain, least))
}
