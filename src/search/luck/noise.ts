import type { Axis, Point } from '../space/index.ts'
import { unitOf } from '../space/index.ts'

/** The trainings behind a trial's value, which is their mean. */
export interface Parts {
  readonly number: number
  readonly parts: readonly { readonly seed: number; readonly fold?: number; readonly value: number }[]
}

/** How far a trial's value would differ if it were measured again. */
export interface Noise {
  readonly standardError: number
  /** What it is measured by. From neighbours it is an upper bound. */
  readonly from: 'folds' | 'seeds' | 'neighbours'
  /** Trials that it rests on. */
  readonly trials: number
}

const FEWEST = 5

/**
 * The standard error of a trial's value, from what is left of its parts when the differences between trials and those between folds (or seeds), which
 * all trials share, are taken out. Folds share most of what they train on, so the variance of their mean is enlarged.
 *
 * Source for the enlargement: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52 (2003).
 *
 * @param foldRatio - by how many of a part's variances: samples that give a fold's score to those that it trains on; default 1/(k − 1) for k folds
 * @returns undefined where fewer than 5 trials have the same parts, two or more of each
 */
export function noiseOfParts(trials: readonly Parts[], foldRatio?: number): Noise | undefined {
  const nameOf = ({ seed, fold }: Parts['parts'][number]): string => `${seed}/${fold ?? ''}`
  const full = trials.map(({ parts }) => new Map(parts.map((part) => [nameOf(part), part.value])))
  const names = [...new Set(full.flatMap((parts) => [...parts.keys()]))]
  const whole = full.filter((parts) => names.every((name) => Number.isFinite(parts.get(name))))
  if (whole.length < FEWEST || names.length < 2) return undefined
  const columns = names.map((name) => mean(whole.map((parts) => parts.get(name) ?? 0)))
  const middle = mean(columns)
  let squares = 0
  for (const parts of whole) {
    const own = mean([...parts.values()])
    for (const [i, name] of names.entries()) squares += ((parts.get(name) ?? 0) - own - (columns[i] ?? 0) + middle) ** 2
  }
  const variance = squares / ((whole.length - 1) * (names.length - 1))
  const folds = new Set(trials.flatMap(({ parts }) => parts.flatMap(({ fold }) => fold ?? []))).size
  const shared = folds > 1 ? (foldRatio ?? 1 / (folds - 1)) : 0
  return {
    standardError: Math.sqrt(variance * (1 / names.length + shared)),
    from: folds > 1 ? 'folds' : 'seeds',
    trials: whole.length,
  }
}

/** The median of a squared standard normal number. */
const MEDIAN_SQUARE = 0.4549364231195724
const FEWEST_NEIGHBOURS = 10

/**
 * An upper bound of the standard error, from how much trials differ from those with the nearest configuration, by the median, which single failures do
 * not move. It counts what the configurations' difference makes as noise, so it is close only where trials lie close together.
 *
 * @returns undefined where there are fewer than 10 trials
 */
export function noiseOfNeighbours(
  axes: readonly Axis[],
  trials: readonly { readonly point: Point; readonly value: number }[],
): Noise | undefined {
  if (trials.length < FEWEST_NEIGHBOURS) return undefined
  const squares = trials.map((trial) => {
    let [nearest, difference] = [Number.POSITIVE_INFINITY, 0]
    for (const other of trials) {
      if (other === trial) continue
      const distance = distanceOf(axes, trial.point, other.point)
      if (distance >= nearest) continue
      nearest = distance
      difference = other.value - trial.value
    }
    return difference ** 2
  })
  squares.sort((a, b) => a - b)
  const half = squares.length / 2
  const median = mean([squares[Math.ceil(half) - 1] ?? 0, squares[Math.floor(half)] ?? 0])
  return { standardError: Math.sqrt(median / MEDIAN_SQUARE / 2), from: 'neighbours', trials: trials.length }
}

/** Squared, in units of the ranges; another choice, or a parameter that only one has, is as far as a whole range. */
function distanceOf(axes: readonly Axis[], a: Point, b: Point): number {
  let sum = 0
  for (const [i, { parameter }] of axes.entries()) {
    const [x, y] = [a[i], b[i]]
    if (x === y) continue
    sum +=
      parameter.kind === 'choice' || x === undefined || y === undefined
        ? 1
        : (unitOf(parameter, x) - unitOf(parameter, y)) ** 2
  }
  return sum
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
