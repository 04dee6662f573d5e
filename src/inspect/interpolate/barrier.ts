import { meanOverSeeds, type SeedSummary } from '../../metrics/uncertainty/index.ts'
import type { SplitName } from '../../runs/testModel/index.ts'
import type { Interpolation } from './interpolate.ts'

/** How far the loss between two networks rises above what lies straight between their losses. */
export interface Barrier {
  /** Never below 0, as the ends lie on the chord. NaN where a loss between is no number, or no place between was computed. */
  readonly height: number
  /** Where the loss is farthest above the chord. */
  readonly alpha: number
}

/**
 * The barrier between the two ends of a line: max over α in [0, 1] of L(α) − ((1 − α)·L(0) + α·L(1)) (Frankle et al., 2020, in the form of Entezari et
 * al., 2022). It is the largest at the places that were computed: between them it may be higher.
 *
 * @example
 * barrier(line, 'test') // { height: 0.83, alpha: 0.5 }
 */
export function barrier({ points }: Interpolation, split: SplitName): Barrier {
  const losses = points.flatMap(({ alpha, scores }) =>
    alpha < 0 || alpha > 1 ? [] : [{ alpha, loss: scores[split]?.loss ?? Number.NaN }],
  )
  if (!losses.some(({ alpha }) => alpha > 0 && alpha < 1)) return { height: Number.NaN, alpha: Number.NaN }
  const [first, last] = [losses[0]?.loss ?? Number.NaN, losses.at(-1)?.loss ?? Number.NaN]
  const above = losses.map(({ alpha, loss }) => ({ alpha, height: loss - ((1 - alpha) * first + alpha * last) }))
  const undefinedAt = above.find(({ height }) => Number.isNaN(height))
  return undefinedAt ?? above.reduce((most, one) => (one.height > most.height ? one : most), { alpha: 0, height: 0 })
}

/** Barriers over pairs of networks, by Student's interval: of one pair there is no interval (NaN). Undefined where one is no finite number. */
export const barrierOverPairs = (barriers: readonly Barrier[]): SeedSummary | undefined =>
  barriers.length > 0 && barriers.every(({ height }) => Number.isFinite(height))
    ? meanOverSeeds(barriers.map(({ height }) => height))
    : undefined
