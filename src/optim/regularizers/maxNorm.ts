import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { scale, sumOfSquares } from '../norm.ts'
import { type Chosen, choose, pattern, type Regularizer } from './regularizer.ts'
import { unitsOf } from './units.ts'

const schema = z.strictObject({ max: z.number().positive(), parameters: pattern })

export interface MaxNormOptions extends Chosen {
  /** Length that the vector of a unit's incoming weights may have at most; 3 to 4 are customary. */
  readonly max: number
}

/**
 * No unit with large weights: after each step the weights w that come into one unit, a row of a linear layer or a filter of a
 * convolution, are shortened to length `max` where they are longer, w ← w·min(1, max/‖w‖) (Srivastava et al., 2014, together
 * with dropout). Keras's `MaxNorm` is the same with axis 0 of a dense kernel and [0, 1, 2] of a convolution's, as its units
 * are on the last axis; PyTorch has `torch.renorm` over the first.
 *
 * @example
 * maxNorm({ max: 3 })
 */
export function maxNorm(options: MaxNormOptions): Regularizer {
  const config = parseConfig('maxNorm', schema, options)
  const { max } = config
  return {
    kind: 'maxNorm',
    config,
    bind: (parameters) => {
      const chosen = choose('maxNorm', config.parameters, parameters).map(({ data, shape }) => ({
        data,
        ...unitsOf({ shape }),
      }))
      return {
        afterStep: () => {
          for (const { data, count, size } of chosen)
            for (let unit = 0; unit < count; unit++) {
              const [start, end] = [unit * size, (unit + 1) * size]
              const norm = Math.sqrt(sumOfSquares(data, start, end))
              if (norm > max) scale(data, max / norm, start, end)
            }
        },
        penalty: () => 0,
      }
    },
    with: (changes) => maxNorm({ ...options, ...changes }),
  }
}
