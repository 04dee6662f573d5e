import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import { batchNorm2d, conv2d, dropout, flatten, type Layer, linear, maxPool2d, relu, sequential } from '../nn/index.ts'
import { count, rate } from './options.ts'

/** Defaults: 16 and 32 channels, 128 hidden units, 10 classes, no batch normalisation, no dropout. */
export interface ConvNetOptions {
  /** Of each convolution; after each the map is half as high and wide. */
  readonly channels?: readonly number[]
  /** Units of the linear layer before the last. */
  readonly hidden?: number
  readonly classes?: number
  /** Normalise after each convolution. */
  readonly batchNorm?: boolean
  /** Probability with which a hidden unit is dropped. */
  readonly dropout?: number
}

const schema = z.strictObject({
  channels: z.array(count),
  hidden: count,
  classes: count,
  batchNorm: z.boolean(),
  dropout: rate,
})

/**
 * A small convolutional network: 3 × 3 convolutions, each with a ReLU and a pooling to half the size, then a hidden layer.
 *
 * @example
 * convNet() // 16–32–128: 206,922 parameters on MNIST
 */
export function convNet(options: ConvNetOptions = {}): Layer {
  const defaults = { channels: [16, 32], hidden: 128, classes: 10, batchNorm: false, dropout: 0 }
  const given = parseConfig('convNet', schema, { ...defaults, ...options })
  const { channels, hidden, classes, batchNorm, dropout: p } = given
  const block = (out: number) => [
    conv2d(out, 3, { padding: 'same' }),
    ...(batchNorm ? [batchNorm2d()] : []),
    relu(),
    maxPool2d(2),
  ]
  const head = [linear(hidden), relu(), ...(p > 0 ? [dropout(p)] : []), linear(classes)]
  return sequential(...channels.flatMap(block), flatten(), ...head)
}
