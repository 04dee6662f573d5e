import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { add, div, mul, sqrt, sub } from '../tensor/index.ts'
import { decayed, need, type Optimizer } from './optimizer.ts'

const schema = z.strictObject({
  lr: z.number().positive(),
  lrDecay: z.number().min(0),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
})

export interface AdagradOptions {
  /** Learning rate; default 1e-2. */
  readonly lr?: number
  /** The rate of step t is lr / (1 + (t - 1)·lrDecay); default 0. */
  readonly lrDecay?: number
  /** Added to the root; default 1e-10. */
  readonly epsilon?: number
  /** L2 penalty, added to the gradient; default 0. */
  readonly weightDecay?: number
}

/**
 * Adagrad (Duchi, Hazan and Singer, 2011) as in PyTorch: s ← s + g²; θ ← θ - lr·g/(√s + ε). Its steps only ever shrink, which
 * suits sparse gradients and convex problems; for deep networks prefer {@link rmsProp} or {@link adam}.
 *
 * @example
 * adagrad({ lr: 1e-2 })
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const config = parseConfig('adagrad', schema, { lr: 1e-2, lrDecay: 0, epsilon: 1e-10, weightDecay: 0, ...options })
  const { lr, lrDecay, epsilon, weightDecay } = config
  return {
    kind: 'adagrad',
    config,
    lr,
    state: ['sum'],
    coefficients: (step, rate) => ({ lr: rate / (1 + (step - 1) * lrDecay), decay: weightDecay }),
    formulas: { lr: `lr / (1 + (step - 1) * ${lrDecay})`, decay: `${weightDecay}` },
    update: (vectors, scalars) => {
      const gradient = decayed(vectors, scalars)
      const sum = add(need(vectors, 'sum'), mul(gradient, gradient))
      const change = mul(div(gradient, add(sqrt(sum), epsilon)), need(scalars, 'lr'))
      return { parameter: sub(need(vectors, 'parameter'), change), sum }
    },
    with: (changes) => adagrad({ ...options, ...changes }),
  }
}
