import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/index.ts'
import { add, mul, sub } from '../tensor/index.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  momentum: z.number().min(0).lt(1),
  nesterov: z.boolean(),
  weightDecay: z.number().min(0),
})

export interface SgdOptions {
  /** Learning rate. */
  readonly lr: number
  /** Default 0. */
  readonly momentum?: number
  /** Looks ahead along the momentum (Sutskever et al., 2013); default false. */
  readonly nesterov?: boolean
  /** L2 penalty, added to the gradient; default 0. */
  readonly weightDecay?: number
}

/**
 * Stochastic gradient descent as in PyTorch:
 * g ← g + λθ; v ← μv + g; θ ← θ - lr·v, or θ ← θ - lr·(g + μv) with Nesterov.
 *
 * @example
 * sgd({ lr: 0.1, momentum: 0.9 })
 */
export function sgd(options: SgdOptions): Optimizer {
  const config = parseConfig('sgd', schema, {
    momentum: 0,
    nesterov: false,
    weightDecay: 0,
    ...options,
  })
  const { lr, momentum, nesterov, weightDecay } = config
  if (nesterov && momentum === 0) throw new UsageError('sgd: nesterov needs a momentum above 0, for instance 0.9')
  return {
    kind: 'sgd',
    config,
    lr,
    state: momentum === 0 ? [] : ['momentum_buffer'],
    coefficients: (_, rate) => ({ lr: rate, decay: weightDecay }),
    formulas: { lr: 'lr', decay: `${weightDecay}` },
    update: (vectors, scalars) => {
      const parameter = need(vectors, 'parameter')
      const rate = need(scalars, 'lr')
      const gradient = decayed(vectors, scalars)
      if (momentum === 0) return { parameter: sub(parameter, mul(gradient, rate)) }
      const velocity = add(mul(need(vectors, 'momentum_buffer'), momentum), gradient)
      const direction = nesterov ? add(gradient, mul(velocity, momentum)) : velocity
      return { parameter: sub(parameter, mul(direction, rate)), momentum_buffer: velocity }
    },
    with: (changes) => sgd({ ...options, ...changes }),
  }
}
