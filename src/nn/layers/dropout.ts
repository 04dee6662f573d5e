import * as z from 'zod'
import { dropoutMask } from '../../random/index.ts'
import { formatShape, mul, type Shape, ShapeError } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ p: z.number().min(0).lt(1) })

/** @param maskOf what is dropped together: the mask's shape for an input's */
function dropping(name: string, kind: string, p: number, maskOf: (input: Shape) => Shape): Layer {
  const { p: rate } = parseConfig(name, schema, { p })
  return layer(kind, {
    config: { p: rate },
    apply: (_, x, context) => {
      const shape = maskOf(x.shape)
      if (!context.training || rate === 0) return x
      return mul(x, dropoutMask(context.randomKey(), shape, rate))
    },
    with: (changes) => dropping(name, kind, parseConfig(name, schema, { p, ...changes }).p, maskOf),
  })
}

/** One number a channel, for inputs of so many axes. */
const wholeChannels =
  (name: string, rank: number, needs: string) =>
  (input: Shape): Shape => {
    if (input.length !== rank) throw new ShapeError(`${name} needs ${needs} and ${formatShape(input)} came in`)
    return input.map((size, axis) => (axis < 2 ? size : 1))
  }

/**
 * In training, zeroes each number with probability `p` and scales the others by 1/(1-p); else does nothing
 * (Srivastava et al., 2014). The bits come from the step's key, so a resumed run drops the same numbers.
 *
 * @param p default 0.5
 */
export const dropout = (p = 0.5): Layer => dropping('dropout', 'Dropout', p, (input) => input)

/**
 * {@link dropout} of whole channels of sequences `[batch, channels, length]`, PyTorch's `nn.Dropout1d`: neighbours in a sequence
 * say nearly the same, so that dropping one of them drops nothing (Tompson et al., 2015).
 *
 * @param p default 0.5
 */
export const dropout1d = (p = 0.5): Layer =>
  dropping('dropout1d', 'Dropout1d', p, wholeChannels('dropout1d', 3, '[batch, channels, length]'))

/**
 * {@link dropout} of whole channels of images `[batch, channels, height, width]`, PyTorch's `nn.Dropout2d` (Tompson et al., 2015).
 *
 * @param p default 0.5
 */
export const dropout2d = (p = 0.5): Layer =>
  dropping('dropout2d', 'Dropout2d', p, wholeChannels('dropout2d', 4, '[batch, channels, height, width]'))
