import * as z from 'zod'
import { dropoutMask } from '../../random/index.ts'
import { mul } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ p: z.number().min(0).lt(1) })

/**
 * In training, zeroes each number with probability `p` and scales the others by 1/(1-p); else does nothing
 * (Srivastava et al., 2014). The bits come from the step's key, so a resumed run drops the same numbers.
 *
 * @param p default 0.5
 */
export function dropout(p = 0.5): Layer {
  const { p: rate } = parseConfig('dropout', schema, { p })
  return layer('Dropout', {
    config: { p: rate },
    apply: (_, x, context) => {
      if (!context.training || rate === 0) return x
      return mul(x, dropoutMask(context.randomKey(), x.shape, rate))
    },
    with: (changes) => dropout(parseConfig('dropout', schema, { p, ...changes }).p),
  })
}
