import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/config.ts'
import {
  conv2d,
  convTranspose2d,
  flatten,
  gaussianLatent,
  type Layer,
  linear,
  relu,
  sequential,
  unflatten,
} from '../nn/index.ts'
import { formatShape, type Shape } from '../tensor/index.ts'
import { count } from './options.ts'

/** Default: 16 and 32 channels. */
export interface AutoencoderOptions {
  /** Shape of one image, `[channels, height, width]`, such as `[1, 28, 28]`. */
  readonly sample: Shape
  /** Numbers in the middle. */
  readonly latent: number
  /** Of each convolution of the encoder; each halves the map. The decoder has the same backwards. */
  readonly channels?: readonly number[]
}

const schema = z.strictObject({ sample: z.array(count), latent: count, channels: z.array(count) })

/** Encoder and decoder around the latent numbers. */
function halves(name: string, options: AutoencoderOptions): { encoder: Layer; decoder: Layer } {
  const { sample, channels } = parseConfig(name, schema, { channels: [16, 32], ...options })
  const [colours, height, width] = sample
  const shrink = 2 ** channels.length
  const last = channels.at(-1)
  if (colours === undefined || height === undefined || width === undefined || sample.length !== 3 || last === undefined)
    throw new UsageError(
      `${name}: a sample ${formatShape(sample)} and ${channels.length} convolutions; give [channels, height, width] and at least one convolution`,
    )
  if (height % shrink !== 0 || width % shrink !== 0)
    throw new UsageError(
      `${name}: ${channels.length} convolutions halve images as often, and ${height} × ${width} cannot be divided by ${shrink}: give fewer channels, or images of another size`,
    )
  const map = [last, height / shrink, width / shrink] as const
  const down = channels.flatMap((out) => [conv2d(out, 3, { stride: 2, padding: 1 }), relu()])
  const up = [...channels.slice(0, -1).reverse(), colours].map((out) =>
    convTranspose2d(out, 4, { stride: 2, padding: 1 }),
  )
  return {
    encoder: sequential(...down, flatten()),
    decoder: sequential(
      linear(map[0] * map[1] * map[2]),
      relu(),
      unflatten(...map),
      // A ReLU between two transposed convolutions, none after the last.
      ...up.flatMap((layer, i) => (i === 0 ? [layer] : [relu(), layer])),
    ),
  }
}

/**
 * A convolutional autoencoder: images to `latent` numbers and back (Hinton and Salakhutdinov, 2006, with convolutions). It puts
 * out logits: train it with `bce()` on `reconstruct(…)`, or with `mse()` if its outputs are to be the pixels.
 *
 * @throws UsageError where the image cannot be halved as often as there are convolutions
 * @example
 * experiment({ data: reconstruct(mnist()), prepare: [minMax()], model: autoencoder({ sample: [1, 28, 28], latent: 16 }), loss: bce(), … })
 */
export function autoencoder(options: AutoencoderOptions): Layer {
  const { encoder, decoder } = halves('autoencoder', options)
  return sequential({ encoder, latent: linear(options.latent), decoder })
}

export interface VariationalAutoencoderOptions extends AutoencoderOptions {
  /** Weight of the divergence; default 1, the evidence lower bound. */
  readonly beta?: number
}

/**
 * A variational autoencoder (Kingma and Welling, 2014): as {@link autoencoder}, but the latent numbers are drawn from a normal
 * distribution that the encoder gives, and how far it is from the standard one is added to the loss. Its decoder then makes images of
 * standard normal numbers. Train it with `bce({ reduction: 'sum' })`, so that both parts are sums over a sample.
 *
 * @throws UsageError where the image cannot be halved as often as there are convolutions
 * @example
 * variationalAutoencoder({ sample: [1, 28, 28], latent: 8 })
 */
export function variationalAutoencoder({ beta = 1, ...options }: VariationalAutoencoderOptions): Layer {
  const { encoder, decoder } = halves('variationalAutoencoder', options)
  return sequential({ encoder, latent: gaussianLatent(options.latent, { beta }), decoder })
}
