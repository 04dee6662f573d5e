import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import {
  batchNorm1d,
  conv1d,
  flatten,
  globalAvgPool1d,
  type Layer,
  linear,
  maxPool1d,
  relu,
  sequential,
} from '../nn/index.ts'
import { count } from './options.ts'

/** Defaults: 16, 32 and 64 channels, windows of 9, pooling by 4, 10 classes. */
export interface ConvNet1dOptions {
  /** Of each convolution; after each the sequence is `pool` times shorter. */
  readonly channels?: readonly number[]
  readonly kernel?: number
  readonly pool?: number
  readonly classes?: number
}

const schema = z.strictObject({ channels: z.array(count), kernel: count, pool: count, classes: count })

/**
 * A small convolutional network for sequences `[batch, channels, length]`, such as sounds: convolutions with batch
 * normalisation, ReLU and pooling, then the mean over what is left of the sequence, so that its length does not matter much.
 *
 * @example
 * convNet1d({ classes: 4 }) // for audioFolder('words', { seconds: 1, rate: 8000 })
 */
export function convNet1d(options: ConvNet1dOptions = {}): Layer {
  const defaults = { channels: [16, 32, 64], kernel: 9, pool: 4, classes: 10 }
  const { channels, kernel, pool, classes } = parseConfig('convNet1d', schema, { ...defaults, ...options })
  const block = (out: number) => [conv1d(out, kernel, { padding: 'same' }), batchNorm1d(), relu(), maxPool1d(pool)]
  return sequential(...channels.flatMap(block), globalAvgPool1d(), flatten(), linear(classes))
}
