import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import { conv2d, dropout, flatten, type Layer, linear, maxPool2d, relu, sequential } from '../nn/index.ts'
import { count, rate } from './options.ts'

/** Defaults: 10 classes, 64 channels in the first convolution, 1024 hidden units, dropout 0.5. */
export interface AlexNetSmallOptions {
  readonly classes?: number
  /** Channels of the first convolution; the others have 3, 6, 4 and 4 times as many. */
  readonly width?: number
  readonly hidden?: number
  readonly dropout?: number
}

const schema = z.strictObject({ classes: count, width: count, hidden: count, dropout: rate })

/**
 * AlexNet for images of 28 to 32 pixels: its five convolutions and three linear layers, with 3 × 3 windows and steps of 1 in
 * place of the large windows and steps that 224 pixels need (Krizhevsky, Sutskever and Hinton, 2012, in the widths of
 * torchvision's). Weights stand under `features.` and `classifier.`, as in torchvision.
 *
 * @example
 * alexNetSmall({ width: 32, hidden: 512 })
 */
export function alexNetSmall(options: AlexNetSmallOptions = {}): Layer {
  const defaults = { classes: 10, width: 64, hidden: 1024, dropout: 0.5 }
  const { classes, width, hidden, dropout: p } = parseConfig('alexNetSmall', schema, { ...defaults, ...options })
  const conv = (times: number) => [conv2d(times * width, 3, { padding: 1 }), relu()]
  return sequential({
    features: sequential(
      ...conv(1),
      maxPool2d(2),
      ...conv(3),
      maxPool2d(2),
      ...conv(6),
      ...conv(4),
      ...conv(4),
      maxPool2d(2),
    ),
    flatten: flatten(),
    classifier: sequential(dropout(p), linear(hidden), relu(), dropout(p), linear(hidden), relu(), linear(classes)),
  })
}
