import * as z from 'zod'
import { formatShape, type Pair, pad, ShapeError } from '../../tensor/index.ts'
import { pairOf, parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'
import { both } from './convolutionOptions.ts'

const schema = z.strictObject({ padding: pairOf(0) })

/**
 * Zeros around images `[batch, channels, height, width]`, PyTorch's `nn.ZeroPad2d`: as many above and below, and as many left and
 * right.
 *
 * @param padding a number, or `[above and below, left and right]`
 * @example
 * sequential(zeroPad2d(2), vgg11({ pool: 1, hidden: 512 })) // 28 × 28 become the 32 × 32 that five poolings need
 */
export function zeroPad2d(padding: Pair): Layer {
  const config = parseConfig('zeroPad2d', schema, { padding })
  const [vertical, horizontal] = both(config.padding)
  return layer('ZeroPad2d', {
    config,
    apply: (_, x) => {
      if (x.shape.length !== 4)
        throw new ShapeError(`zeroPad2d needs [batch, channels, height, width] and ${formatShape(x.shape)} came in`)
      const around = [0, 0, vertical, horizontal]
      return pad(x, { before: around, after: around })
    },
    with: (changes) => zeroPad2d(parseConfig('zeroPad2d', schema, { ...config, ...changes }).padding),
  })
}
