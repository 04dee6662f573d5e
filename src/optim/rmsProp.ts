import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  alpha: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  momentum: z.number().min(0).lt(1),
  centered: z.boolean(),
  weightDecay: z.number().min(0),
})

export interface RmsPropOptions {
  /** Learning rate; default 1e-2. */
  readonly lr?: number
  /** Decay of the mean square; default 0.99. */
  readonly alpha?: number
  /** Added to the root; default 1e-8. */
  readonly epsilon?: number
  /** Default 0. */
  readonly momentum?: number
  /** Takes the squared mean off the mean square (Graves, 2013); default false. */
  readonly centered?: boolean
  /** L2 penalty, added to the gradient; default 0. */
  readonly weightDecay?: number
}

/**
 * RMSprop (Tieleman and Hinton, 2012) as in PyTorch: s ← αs + (1-α)g²; v ← μv + g/(√s + ε); θ ← θ - lr·v. Centred, s is
 * replaced by s - m² with m ← αm + (1-α)g.
 *
 * @example
 * rmsProp({ lr: 1e-3 })
 */
export function rmsProp(options: RmsPropOptions = {}): Optimizer {
  const config = parseConfig('rmsProp', schema, {
    lr: 1e-2,
    alpha: 0.99,
    epsilon: 1e-8,
    momentum: 0,
    centered: false,
    weightDecay: 0,
    ...options,
  })
  const { lr, alpha, epsilon, momentum, centered, weightDecay } = config
  return {
    kind: 'rmsProp',
    config,
    lr,
    state: ['square_avg', ...(momentum > 0 ? ['momentum_buffer'] : []), ...(centered ? ['grad_avg'] : [])],
    coefficients: (_, rate) => ({ lr: rate, decay: weightDecay }),
    formulas: { lr: 'lr', decay: `${weightDecay}` },
    update: (vectors, scalars) => {
      const parameter = need(vectors, 'parameter')
      const gradient = decayed(vectors, scalars)
      const square = add(mul(need(vectors, 'square_avg'), alpha), mul(mul(gradient, gradient), 1 - alpha))
      const mean = centered ? add(mul(need(vectors, 'grad_avg'), alpha), mul(gradient, 1 - alpha)) : undefined
      const spread = mean === undefined ? square : sub(square, mul(mean, mean))
      const scaled = div(gradient, add(sqrt(spread), epsilon))
      const velocity = momentum > 0 ? add(mul(need(vectors, 'momentum_buffer'), momentum), scaled) : undefined
      return {
        parameter: sub(parameter, mul(velocity ?? scaled, need(scalars, 'lr'))),
        square_avg: square,
        ...(velocity && { momentum_buffer: velocity }),
        ...(mean && { grad_avg: mean }),
      }
    },
    with: (changes) => rmsProp({ ...options, ...changes }),
  }
}
