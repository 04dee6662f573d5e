import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import { parseConfig } from '../../../nn/config.ts'
import { foldIn, type Key } from '../../../random/index.ts'
import { fillPoint, type Point, type Space, valueAt } from '../../space/index.ts'
import { admissible, type Sampler } from '../sampler.ts'
import { LARGEST_DIMENSION, LARGEST_LENGTH, scramble, sobolWord } from './sequence.ts'

export interface SobolOptions {
  /** Owen's scrambling by the study's key (default true). Without it every study has the same points, the first at all lows. */
  readonly scramble?: boolean
}

/**
 * Sobol's sequence: points that fill the unit cube more evenly than random ones, in every pair of dimensions too. Trial i depends on the study's
 * key and i alone; where there are constraints it is the i-th point of the sequence that breaks none.
 *
 * Best with a power of two of trials. Not for studies with far more parameters than trials, where it is no better than `random`, nor
 * for learning from results, as `tpe` does.
 *
 * @throws UsageError, when the study is made, for more than 128 parameters
 *
 * @example
 * const study = await createStudy({ name: 'cover', space: of, sampler: sobol(), direction: 'minimize', key: key(0), trials: 64 })
 */
export function sobol(options: SobolOptions = {}): Sampler {
  const { scramble: scrambled = true } = parseConfig('sobol', schema, options)
  return {
    kind: 'sobol',
    config: { scramble: scrambled },
    start: ({ space, key }) => {
      if (space.axes.length > LARGEST_DIMENSION)
        throw new UsageError(
          `sobol: the space has ${space.axes.length} parameters, at most ${LARGEST_DIMENSION} can be; take random()`,
        )
      const keys = scrambled ? space.axes.map((_, axis) => foldIn(foldIn(key, 'sobol'), axis)) : []
      if (space.constraints.length === 0)
        return { suggest: (number) => pointAt(space, keys, number), isIndependent: true }
      const admitted: Point[] = []
      let index = 0
      return {
        suggest: (number) => {
          while (admitted.length <= number) admitted.push(admissible(space, () => pointAt(space, keys, index++)))
          return admitted[number]
        },
        isIndependent: true,
      }
    },
  }
}

const schema = z.strictObject({ scramble: z.boolean().optional() })

function pointAt(space: Space, keys: readonly Key[], index: number): Point {
  return fillPoint(space.axes, ({ parameter }, axis) => {
    const word = sobolWord(axis, index)
    const key = keys[axis]
    return valueAt(parameter, (key === undefined ? word : scramble(word, key)) / LARGEST_LENGTH)
  })
}
