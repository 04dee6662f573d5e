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
 * all trials share, are taken out: the median over trials, which a few that nearly diverged do not move. Folds share most of what they train on, so the variance of their mean is enlarged.
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
  const deviations = whole.map((parts) => {
    const own = mean([...parts.values()])
    return names.map((name) => (parts.get(name) ?? 0) - own)
  })
  const shared = names.map((_, i) => median(deviations.map((own) => own[i] ?? 0)))
  const freedom = names.length - 1
  const variances = deviations.map(
    (own) => own.reduce((sum, deviation, i) => sum + (deviation - (shared[i] ?? 0)) ** 2, 0) / freedom,
  )
  const [middle, average] = [median(variances), mean(variances)]
  // The median of χ²/k, by Wilson and Hilferty. Scores of few steps may be equal in most trials, and differ in others.
  const variance = middle > 1e-9 * average ? middle / (1 - 2 / (9 * freedom)) ** 3 : average
  const folds = new Set(trials.flatMap(({ parts }) => parts.flatMap(({ fold }) => fold ?? []))).size
  const lean = folds > 1 ? (foldRatio ?? 1 / (folds - 1)) : 0
  return {
    standardError: Math.sqrt(variance * (1 / names.length + lean)),
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
  const placed = trials.map(({ point, value }) => ({
    value,
    place: axes.map(({ parameter }, i) => {
      const at = point[i]
      return at === undefined ? undefined : unitOf(parameter, at)
    }),
  }))
  const squares = placed.map((trial) => {
    let [nearest, difference] = [Number.POSITIVE_INFINITY, 0]
    for (const other of placed) {
      if (other === trial) continue
      const distance = distanceOf(axes, trial.place, other.place)
      if (distance >= nearest) continue
      nearest = distance
      difference = other.value - trial.value
    }
    return difference ** 2
  })
  return { standardError: Math.sqrt(median(squares) / MEDIAN_SQUARE / 2), from: 'neighbours', trials: trials.length }
}

type Place = readonly (number | undefined)[]

/** Squared, in units of the ranges; another choice, or a parameter that only one has, is as far as a whole range. */
function distanceOf(axes: readonly Axis[], a: Place, b: Place): number {
  let sum = 0
  for (let i = 0; i < axes.length; i++) {
    const [x, y] = [a[i], b[i]]
    if (x === y) continue
    sum += axes[i]?.parameter.kind === 'choice' || x === undefined || y === undefined ? 1 : (x - y) ** 2
  }
  return sum
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return mean([sorted[Math.floor(half)] ?? 0, sorted[Math.ceil(half)] ?? 0])
}
