import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import type { Schedule } from './schedule.ts'

const schema = z.strictObject({
  pctStart: z.number().gt(0).lt(1),
  anneal: z.enum(['cos', 'linear']),
  divFactor: z.number().min(1),
  finalDivFactor: z.number().min(1),
})

export interface OneCycleOptions {
  /** Share of the steps in which the rate rises; default 0.3. */
  readonly pctStart?: number
  /** Shape of the rise and of the fall; default 'cos'. */
  readonly anneal?: 'cos' | 'linear'
  /** The first rate is the optimiser's divided by this; default 25. */
  readonly divFactor?: number
  /** The last rate is the first one divided by this; default 10,000. */
  readonly finalDivFactor?: number
}

const curves = {
  cos: (from: number, to: number, share: number) => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share)),
  linear: (from: number, to: number, share: number) => from + (to - from) * share,
}

/**
 * One rise from lr/divFactor to the optimiser's learning rate and one fall to lr/(divFactor·finalDivFactor) over the whole
 * training (Smith and Topin, 2019; PyTorch's `OneCycleLR` in two phases). The optimiser's learning rate is the maximum, as
 * `assay lr-find` suggests it. The momentum is not cycled: it stays the optimiser's (in PyTorch `cycle_momentum=False`).
 *
 * @example
 * experiment({ …, optimizer: sgd({ lr: 0.4, momentum: 0.9 }), schedule: oneCycle({ pctStart: 0.25 }) })
 */
export function oneCycle(options: OneCycleOptions = {}): Schedule {
  const config = parseConfig('oneCycle', schema, {
    pctStart: 0.3,
    anneal: 'cos',
    divFactor: 25,
    finalDivFactor: 1e4,
    ...options,
  })
  const { pctStart, anneal, divFactor, finalDivFactor } = config
  const curve = curves[anneal]
  const first = 1 / divFactor
  return {
    kind: 'oneCycle',
    config,
    factor: (step, steps) => {
      // As PyTorch has it, the rate is highest one step before the share is over, and lowest at the last step taken.
      const [top, last] = [pctStart * steps - 1, steps - 1]
      if (step <= top && top > 0) return curve(first, 1, step / top)
      const start = Math.max(0, top)
      return curve(1, first / finalDivFactor, last > start ? Math.min(1, (step - start) / (last - start)) : 0)
    },
    with: (changes) => oneCycle({ ...options, ...changes }),
  }
}
