import * as z from 'zod'
import { type Pair, resize } from '../../tensor/index.ts'
import { pairOf, parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ scale: pairOf(1), mode: z.enum(['nearest', 'bilinear']).optional() })

/** Default: nearest. */
export interface UpsampleOptions {
  readonly mode?: 'nearest' | 'bilinear' | undefined
}

/**
 * Larger maps, PyTorch's `nn.Upsample`: `[batch, channels, height, width]` to as many times the height and width. Before a
 * convolution it is what {@link convTranspose2d} does without its checkerboards (Odena, Dumoulin and Olah, 2016).
 *
 * @param scale whole factor, or `[for height, for width]`
 * @example
 * sequential(upsample(2), conv2d(16, 3, { padding: 'same' }))
 */
export function upsample(scale: Pair, options: UpsampleOptions = {}): Layer {
  const config = parseConfig('upsample', schema, { ...options, scale })
  const { mode = 'nearest' } = config
  return layer('Upsample', {
    config,
    apply: (_, x) => resize(x, { scale: config.scale, mode }),
    with: (changes) => {
      const { scale: factor, ...rest } = parseConfig('upsample', schema, { ...config, ...changes })
      return upsample(factor, rest)
    },
  })
}
