import * as z from 'zod'
import { parseConfig, wholeNumber } from '../nn/config.ts'
import { avgPool2d, conv2d, flatten, type Layer, linear, sequential, tanh } from '../nn/index.ts'
import { activation, count, pooling } from './options.ts'

/** Defaults: 10 classes, tanh, mean pooling, and images of 28 × 28. */
export interface LeNet5Options {
  readonly classes?: number
  /** Default `tanh`; `relu` learns faster. */
  readonly activation?: () => Layer
  /** Default `avgPool2d`; `maxPool2d` is usual today. */
  readonly pool?: (kernel: number) => Layer
  /** Zeros around the image; default 2, which makes the paper's 32 × 32 of 28 × 28. */
  readonly padding?: number
}

const schema = z.strictObject({ classes: count, activation, pool: pooling, padding: wholeNumber(0) })

/**
 * LeNet-5 for digits: two convolutions and three linear layers, 61,706 parameters for one channel (LeCun, Bottou, Bengio and
 * Haffner, 1998; with every map of the second convolution seeing all of the first, and a linear last layer).
 *
 * @example
 * leNet5({ activation: relu, pool: maxPool2d })
 */
export function leNet5(options: LeNet5Options = {}): Layer {
  const defaults = { classes: 10, activation: tanh, pool: avgPool2d, padding: 2 }
  const { classes, activation: act, pool, padding } = parseConfig('leNet5', schema, { ...defaults, ...options })
  return sequential({
    conv1: conv2d(6, 5, { padding }),
    act1: act(),
    pool1: pool(2),
    conv2: conv2d(16, 5),
    act2: act(),
    pool2: pool(2),
    flatten: flatten(),
    fc1: linear(120),
    act3: act(),
    fc2: linear(84),
    act4: act(),
    fc3: linear(classes),
  })
}
