import type { Searched } from '../importance/index.ts'
import { bestOf, better, finalValue } from '../trial.ts'
import { type Noise, noiseOfNeighbours, noiseOfParts, type Parts } from './noise.ts'
import { normalMaximum } from './normalMaximum.ts'
import { posteriorOfBest } from './posterior.ts'

/** How much of the best trial's value is luck; see {@link luck}. */
export type Luck =
  | {
      readonly kind: 'unknown'
      /** A clause, as in "there are 3 complete trials …". */
      readonly reason: string
    }
  | {
      readonly kind: 'known'
      /** Complete trials, among which the best was chosen. */
      readonly trials: number
      readonly best: { readonly number: number; readonly value: number }
      readonly noise: Noise
      /** By how much the best of so many trials of equal skill is better than their mean, by luck alone. */
      readonly ofEqualSkill: number
      /** What to expect of the best trial when it is measured again on such data. */
      readonly expected: number
      /** By how much that is worse than its value, at least 0. */
      readonly drop: number
      /** Other trials that noise alone can have put behind the best: within two standard errors of a difference. */
      readonly rivals: number
      /** What the best trial's configuration scored on the test split, where that was looked at, and how much worse that is. */
      readonly test?: { readonly value: number; readonly drop: number }
    }

export interface LuckOptions {
  /** Scores by fold and seed, where they are known; default: the noise is bounded by how much trials with near-equal configurations differ. */
  readonly parts?: readonly Parts[]
  /** Samples that give a fold's score to those that it trains on; default 1/(k − 1) for k different folds. */
  readonly foldRatio?: number | undefined
  /** The objective of the best trial's configuration on the test split. */
  readonly test?: number | undefined
}

const FEWEST = 5

/**
 * How much of the best trial's value is luck: whoever chooses the best of many noisy values chooses a lucky one. The noise is that of the better half
 * of the trials, among which the best was chosen; what a winner loses when it is measured again comes from all trials by empirical Bayes.
 *
 * Not for trials that were measured with other numbers of folds or seeds: one standard error stands for all.
 *
 * @example
 * const found = luck(await readStudy('studies/mlp'))
 * if (found.kind === 'known') found.drop // 0.004
 */
export function luck(study: Searched, { parts = [], foldRatio, test }: LuckOptions = {}): Luck {
  const { space, trials, direction } = study
  const best = bestOf(trials, direction)
  const value = best && finalValue(best)
  const complete = trials.flatMap((trial) => {
    const own = finalValue(trial)
    return own === undefined ? [] : [{ number: trial.number, point: trial.point, value: own }]
  })
  if (best === undefined || value === undefined || complete.length < FEWEST)
    return {
      kind: 'unknown',
      reason: `there ${complete.length === 1 ? 'is 1 complete trial' : `are ${complete.length} complete trials`}, and it takes ${FEWEST}`,
    }
  const order = better(direction)
  const half = complete.toSorted((a, b) => order(a.value, b.value)).slice(0, Math.max(FEWEST, complete.length / 2))
  const inHalf = new Set(half.map(({ number }) => number))
  const noise =
    noiseOfParts(
      parts.filter(({ number }) => inHalf.has(number)),
      foldRatio,
    ) ?? noiseOfNeighbours(space.axes, half)
  if (noise === undefined)
    return {
      kind: 'unknown',
      reason: 'there are neither scores by fold or seed nor enough trials to compare neighbours',
    }
  const sign = direction === 'minimize' ? -1 : 1
  const expected =
    sign *
    posteriorOfBest(
      complete.map((one) => sign * one.value),
      noise.standardError,
    )
  return {
    ...{ kind: 'known', trials: complete.length, best: { number: best.number, value }, noise, expected },
    ofEqualSkill: noise.standardError * normalMaximum(complete.length).mean,
    drop: Math.max(0, sign * (value - expected)),
    rivals: complete.filter(
      (one) => one.number !== best.number && Math.abs(one.value - value) <= 2 * Math.SQRT2 * noise.standardError,
    ).length,
    ...(test !== undefined && { test: { value: test, drop: sign * (value - test) } }),
  }
}

const SOURCES: Readonly<Record<Noise['from'], string>> = {
  folds: 'measured by how its folds differ beyond what they do in all trials',
  seeds: 'measured by how its seeds differ; other samples would add to it',
  neighbours: 'at most: so much do trials with near-equal configurations differ',
}

/**
 * What {@link luck} found, in sentences.
 *
 * @param format - how a value of the objective is written; default four significant digits
 * @param spread - how a difference of values is written; default as a value
 *
 * @example
 * luckText(luck(await readStudy('studies/mlp')))
 */
export function luckText(found: Luck, format: (value: number) => string = plain, spread = format): string {
  if (found.kind === 'unknown') return `How much of the best value is luck cannot be told: ${found.reason}.`
  const { trials, best, noise, ofEqualSkill, expected, drop, rivals, test } = found
  const bound = noise.from === 'neighbours' ? 'up to ' : ''
  const sentences = [
    `The best of ${trials} trials has ${format(best.value)}, with a standard error of ${spread(noise.standardError)} (${SOURCES[noise.from]}).`,
    `Were all ${trials} equally good, the luckiest would still be ${bound}${spread(ofEqualSkill)} better than their mean.`,
    !isVisible(found)
      ? 'It is so far ahead of the others that luck has no visible part in it.'
      : `Measured again, expect about ${format(expected)}: ${bound}${spread(drop)} of its value ${noise.from === 'neighbours' ? 'may be' : 'is'} luck.`,
    rivals === 0
      ? 'No other trial comes within two standard errors of it.'
      : `${rivals === 1 ? 'One other trial lies' : `${rivals} other trials lie`} so near that noise can have decided between them.`,
  ]
  if (test !== undefined)
    sentences.push(
      test.drop > 0
        ? `On the test split it has ${format(test.value)}, worse by ${spread(test.drop)}.`
        : `On the test split it has ${format(test.value)}, not worse than what it was chosen by.`,
    )
  return sentences.join(' ')
}

/** Whether luck has a part in the best value that is worth telling. */
export const isVisible = ({ drop, noise }: Extract<Luck, { kind: 'known' }>): boolean =>
  drop >= 0.05 * noise.standardError

const plain = (value: number): string => String(Number(value.toPrecision(4)))
