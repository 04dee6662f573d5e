import * as z from 'zod'
import { formatShape, reshape, type Shape, ShapeError, sizeOf } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ shape: z.array(wholeNumber(1)).min(1) })

/**
 * The opposite of flatten: every sample in another shape of as many numbers, in the same order. PyTorch's `nn.Unflatten(1, …)`,
 * Keras's `Reshape`.
 *
 * @param shape of one sample, without the batch axis
 * @example
 * sequential(linear(32 * 7 * 7), relu(), unflatten(32, 7, 7), convTranspose2d(16, 4, { stride: 2, padding: 1 }))
 */
export function unflatten(...shape: Shape): Layer {
  const config = parseConfig('unflatten', schema, { shape: [...shape] })
  return layer('Unflatten', {
    config,
    apply: (_, x) => {
      const [batch = 1, ...sample] = x.shape
      if (sizeOf(sample) !== sizeOf(config.shape))
        throw new ShapeError(
          `unflatten cannot make ${formatShape(config.shape)}, ${sizeOf(config.shape)} numbers, of ${sizeOf(sample)}`,
        )
      return reshape(x, [batch, ...config.shape])
    },
    with: (changes) => unflatten(...parseConfig('unflatten', schema, { ...config, ...changes }).shape),
  })
}
