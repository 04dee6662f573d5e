import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { scale, sumOfSquares } from '../norm.ts'
import { type Chosen, choose, pattern, type Regularizer, strength } from './regularizer.ts'
import { unitsOf } from './units.ts'

const schema = z.strictObject({ lambda: strength, parameters: pattern })

export interface GroupSparsityOptions extends Chosen {
  /** Strength λ, at least 0. */
  readonly lambda: number
}

/**
 * Few units: λ·Σ √p·‖w‖ over the units is added to the loss, w being the p weights that come into one unit, that is a row of
 * a linear layer or a filter of a convolution (the group lasso of Yuan and Lin, 2006). After each step every unit's weights
 * become shorter by lr·λ·√p, w ← w·max(0, 1 - lr·λ·√p/‖w‖), so that whole units are exactly 0 and could be cut out.
 *
 * @example
 * groupSparsity({ lambda: 1e-4, parameters: 'features.*.weight' })
 */
export function groupSparsity(options: GroupSparsityOptions): Regularizer {
  const config = parseConfig('groupSparsity', schema, options)
  const { lambda } = config
  return {
    kind: 'groupSparsity',
    config,
    bind: (parameters) => {
      const chosen = choose('groupSparsity', config.parameters, parameters).map(({ data, shape }) => {
        const { count, size } = unitsOf({ shape })
        return { data, count, size, weight: lambda * Math.sqrt(size) }
      })
      return {
        afterStep: (lr) => {
          for (const { data, count, size, weight } of chosen)
            for (let unit = 0; unit < count; unit++) {
              const [start, end] = [unit * size, (unit + 1) * size]
              const norm = Math.sqrt(sumOfSquares(data, start, end))
              if (norm <= lr * weight) data.fill(0, start, end)
              else scale(data, 1 - (lr * weight) / norm, start, end)
            }
        },
        penalty: () => {
          let sum = 0
          for (const { data, count, size, weight } of chosen)
            for (let unit = 0; unit < count; unit++)
              sum += weight * Math.sqrt(sumOfSquares(data, unit * size, (unit + 1) * size))
          return sum
        },
      }
    },
    with: (changes) => groupSparsity({ ...options, ...changes }),
  }
}
