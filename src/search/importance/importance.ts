import { foldIn, key } from '../../random/index.ts'
import type { Axis } from '../space/index.ts'
import { type Direction, finalValue, type TrialRecord } from '../trial.ts'
import { boxesOf } from './boxes.ts'
import { fanova } from './fanova.ts'
import { type Forest, growForest } from './forest.ts'
import { permutationImportance } from './permutationImportance.ts'

/** A share of the variance, and between what it lies in 90 of 100 trees or permutations. */
export interface Share {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** What one parameter does. */
export interface ParameterImportance {
  readonly path: string
  /** Share of the variance over the whole space that it makes alone (fANOVA); of one inside a branch, with the choice of that branch. */
  readonly alone: Share
  /** How much worse the trials are foretold without it, in shares of their variance (permutation). */
  readonly permuted: Share
  /** Trials in which it was active. */
  readonly active: number
}

/** What two parameters do together beyond what each does alone. */
export interface PairImportance {
  readonly paths: readonly [string, string]
  readonly share: Share
  /** Trials in which both were active. */
  readonly together: number
}

/** How much each parameter of a study matters; see {@link importance}. */
export type Importance =
  | {
      readonly kind: 'unknown'
      /** A clause, as in "there are 3 complete trials …". */
      readonly reason: string
      readonly trials: number
    }
  | {
      readonly kind: 'known'
      /** Complete trials, on which it rests; others have no value. */
      readonly trials: number
      /** Values far worse than all others, which counted as less bad than they are. */
      readonly clipped: number
      /** Share of the variance that the forest explains of trials that its trees were kept from. */
      readonly r2: number
      /** The share that a parameter gets alone which does nothing. */
      readonly floor: number
      /** The most important first. */
      readonly parameters: readonly ParameterImportance[]
      /** The most important first. */
      readonly pairs: readonly PairImportance[]
      /** What is left for three and more parameters together, and for the noise that trees follow. */
      readonly rest: number
      /** Why it says little, as a sentence; not there where the forest foretells trials well. */
      readonly doubt?: string
      readonly forest: Forest
    }

/** A study, or what of it is looked at. */
export interface Searched {
  readonly space: { readonly axes: readonly Axis[] }
  readonly trials: readonly TrialRecord[]
  readonly direction: Direction
}

const LEAST_TRIALS = 10
/** Below this the forest foretells trials so badly that its shares may be those of noise. */
const LEAST_R2 = 0.3

/**
 * How much each parameter matters, by a random forest on the complete trials: the functional analysis of variance over the whole space, with what two
 * parameters do together, and permutation over the trials that were made, as a second opinion. In the space's unit coordinates: log scales are
 * logarithmic, each value of a choice weighs the same. A parameter inside a branch does nothing where another is chosen; that this
 * makes the two act together counts as the parameter's own. Values far
 * worse than the rest (beyond three times the quartiles' distance) count as that far: else one diverged trial would be all of the variance. Pruned and failed
 * trials have no value and do not count.
 *
 * Source: Hutter, Hoos, Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014; Breiman, "Random
 * Forests", 2001.
 *
 * @example
 * const found = importance(await readStudy('studies/mlp'))
 * if (found.kind === 'known') found.parameters[0] // { path: 'lr', alone: { value: 0.61, … }, … }
 */
export function importance({ space: { axes }, trials, direction }: Searched): Importance {
  const complete = trials.flatMap((trial) => {
    const value = finalValue(trial)
    return value === undefined ? [] : [{ point: trial.point, value }]
  })
  const unknown = (reason: string): Importance => ({ kind: 'unknown', reason, trials: complete.length })
  const least = Math.max(LEAST_TRIALS, 2 * axes.length)
  if (complete.length < least)
    return unknown(
      `there ${complete.length === 1 ? 'is 1 complete trial' : `are ${complete.length} complete trials`} for ${axes.length} parameter${axes.length === 1 ? '' : 's'}, and it takes ${least}`,
    )
  const points = complete.map(({ point }) => point)
  const { values, clipped } = clip(
    complete.map(({ value }) => value),
    direction,
  )
  if (values.every((value) => value === values[0])) return unknown('all trials have the same value')
  const forest = growForest(axes, points, values, foldIn(key(0), 'forest'))
  const width = axes.length + 1
  const parts = forest.trees.flatMap(({ tree }) => fanova(boxesOf(tree, axes, width), width) ?? [])
  const permuted = permutationImportance(forest, points, foldIn(key(0), 'orders'))
  const isInside = (inner: number, outer: number): boolean => ancestorsOf(axes, inner).includes(outer)
  const singles = axes.map((_, axis) =>
    shareOf(
      parts.map(({ single, pairs }) =>
        pairs.reduce(
          (sum, { first, second, share }) => (second === axis && isInside(axis, first) ? sum + share : sum),
          single[axis] ?? 0,
        ),
      ),
    ),
  )
  const pairs = (parts[0]?.pairs ?? []).flatMap(({ first, second }, i): PairImportance[] => {
    const [one, other] = [axes[first], axes[second]]
    if (one === undefined || other === undefined || isInside(second, first)) return []
    return [
      {
        paths: [one.path, other.path],
        share: shareOf(parts.map((part) => part.pairs[i]?.share ?? 0)),
        together: points.filter((point) => point[first] !== undefined && point[second] !== undefined).length,
      },
    ]
  })
  const explained = [...singles, ...pairs.map(({ share }) => share)].reduce((sum, { value }) => sum + value, 0)
  return {
    kind: 'known',
    trials: complete.length,
    clipped,
    r2: forest.r2,
    floor: shareOf(parts.map(({ single }) => single[axes.length] ?? 0)).value,
    parameters: axes
      .map(({ path }, axis) => ({
        path,
        alone: singles[axis] ?? NOTHING,
        permuted: shareOf(permuted[axis] ?? []),
        active: points.filter((point) => point[axis] !== undefined).length,
      }))
      .sort((a, b) => b.alone.value - a.alone.value),
    pairs: pairs.sort((a, b) => b.share.value - a.share.value),
    rest: Math.max(0, 1 - explained),
    ...(forest.r2 < LEAST_R2 && { doubt: doubtOf(forest.r2, complete.length) }),
    forest,
  }
}

/** The branches that an axis is inside of: they come before it. */
function ancestorsOf(axes: readonly Axis[], axis: number): readonly number[] {
  const condition = axes[axis]?.condition
  return condition === undefined ? [] : [condition.axis, ...ancestorsOf(axes, condition.axis)]
}

const NOTHING: Share = { value: 0, low: 0, high: 0 }

const doubtOf = (r2: number, trials: number): string =>
  `The forest explains ${r2 > 0 ? `only ${Math.round(100 * r2)} % of` : 'nothing of'} what makes trials differ that it has not seen (R² ${r2.toFixed(2)}, ${trials} trials): these shares may be those of noise.`

/** How many quartile distances beyond the worse quartile a value may lie. */
const FAR = 3

function clip(
  values: readonly number[],
  direction: Direction,
): { readonly values: number[]; readonly clipped: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)]
  const reach = FAR * (upper - lower)
  if (reach === 0) return { values: [...values], clipped: 0 }
  const within = (value: number): number =>
    direction === 'minimize' ? Math.min(value, upper + reach) : Math.max(value, lower - reach)
  return { values: values.map(within), clipped: values.filter((value) => within(value) !== value).length }
}

function shareOf(values: readonly number[]): Share {
  const sorted = values.toSorted((a, b) => a - b)
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  return { value, low: quantile(sorted, 0.05), high: quantile(sorted, 0.95) }
}

/** Between the two nearest of a list in order. */
function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return below + (at - Math.floor(at)) * (above - below)
}
