import { foldIn, type Key, permutation } from '../../random/index.ts'
import type { Point } from '../space/index.ts'
import { type Forest, outOfBagError } from './forest.ts'

/** Orders that each parameter's values are put into. */
const REPEATS = 10

/**
 * How much worse a forest foretells the trials that its trees were kept from when one parameter's values are exchanged among them, in shares
 * of the values' variance; an inactive parameter stays inactive. 0 is no worse; the sum over parameters is not 1.
 *
 * Source: Breiman, "Random Forests", Machine Learning 45 (2001), section 10.
 *
 * @param points - that the forest was grown on
 * @returns of each axis, one number a repeat
 */
export function permutationImportance(forest: Forest, points: readonly Point[], key: Key): number[][] {
  const { axes, samples } = forest
  const error = 1 - forest.r2
  return axes.map((_, axis) => {
    const active = Uint32Array.from(points.keys()).filter((row) => points[row]?.[axis] !== undefined)
    return Array.from({ length: REPEATS }, (__, repeat) => {
      const order = permutation(foldIn(foldIn(key, axis), repeat), active.length)
      const data = samples.data.slice()
      for (const [i, row] of active.entries()) {
        const from = active[order[i] ?? 0] ?? 0
        data[row * samples.width + axis] = samples.data[from * samples.width + axis] ?? 0
      }
      return outOfBagError(forest, { ...samples, data }) - error
    })
  })
}
