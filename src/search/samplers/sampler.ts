import { UsageError } from '../../errors.ts'
import type { Key } from '../../random/index.ts'
import type { Point, Space, Value } from '../space/index.ts'
import type { Direction, TrialRecord } from '../trial.ts'

/** What is searched, how, and with which chance. */
export interface Problem {
  readonly space: Space
  readonly direction: Direction
  readonly key: Key
}

/** A sampler at work on one problem. */
export interface Suggester {
  /**
   * Where trial `number` is to look; undefined when the sampler is at its end. A function of the number, the trials and the problem alone:
   * all that it may keep between calls is what it would compute again.
   *
   * @param trials - all that are known, by number, running ones included
   */
  suggest(number: number, trials: readonly TrialRecord[]): Point | undefined
  /** How many trials there are in all, where that is bounded. */
  readonly size?: number
  /** Whether a suggestion depends on the number alone, so that trials may be asked for ahead of time; default false. */
  readonly isIndependent?: boolean
}

/** A way of choosing configurations, as a value: a study's journal keeps `kind` and `config`. */
export interface Sampler {
  readonly kind: string
  readonly config: { readonly [name: string]: Value }
  /** @throws UsageError when it cannot search such a space, naming the parameter */
  start(problem: Problem): Suggester
}

/** So many points in a row may break a constraint. */
const PATIENCE = 10_000

/**
 * The first of some points that breaks no constraint.
 *
 * @param draw - told how many were refused before
 * @throws UsageError after 10,000 that do
 */
export function admissible(space: Space, draw: (refused: number) => Point): Point {
  for (let refused = 0; refused < PATIENCE; refused++) {
    const point = draw(refused)
    if (space.broken(point) === undefined) return point
  }
  throw new UsageError(
    `${PATIENCE} points in a row break a constraint, the last: "${space.broken(draw(PATIENCE - 1)) ?? ''}". ` +
      'Narrow the ranges, or write the constraint as a branch',
  )
}
