import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import {
  adaptiveAvgPool2d,
  batchNorm2d,
  conv2d,
  dropout,
  flatten,
  kaimingNormal,
  type Layer,
  linear,
  maxPool2d,
  normalInit,
  relu,
  sequential,
  zerosInit,
} from '../nn/index.ts'
import { count, rate } from './options.ts'

/** Defaults: torchvision's vgg11 with 10 classes. */
export interface Vgg11Options {
  readonly classes?: number
  /** Normalise after each convolution: torchvision's vgg11_bn; default false. */
  readonly batchNorm?: boolean
  /** Channels of the first convolution, an eighth of the last's; default 64. */
  readonly width?: number
  /** Units of both hidden linear layers; default 4096. */
  readonly hidden?: number
  /** Height and width of the map that the linear layers see; default 7. For 32 × 32 images 1 says all there is. */
  readonly pool?: number
  /** Default 0.5. */
  readonly dropout?: number
}

const schema = z.strictObject({
  classes: count,
  batchNorm: z.boolean(),
  width: count,
  hidden: count,
  pool: count,
  dropout: rate,
})

/** Channels of each convolution in widths; a pooling to half the size after each list. */
const STAGES = [[1], [2], [4, 4], [8, 8], [8, 8]] as const

/**
 * VGG-11: eight 3 × 3 convolutions and three linear layers (Simonyan and Zisserman, 2015, configuration A), with names and first
 * weights as torchvision's, whose files it loads. Images of at least 32 × 32: put `zeroPad2d(2)`
 * before it for 28 × 28.
 *
 * @example
 * vgg11({ batchNorm: true, hidden: 512, pool: 1 }) // for CIFAR-10: 9,756,426 parameters
 */
export function vgg11(options: Vgg11Options = {}): Layer {
  const defaults = { classes: 10, batchNorm: false, width: 64, hidden: 4096, pool: 7, dropout: 0.5 }
  const given = parseConfig('vgg11', schema, { ...defaults, ...options })
  const { classes, batchNorm, width, hidden, pool, dropout: p } = given
  const convInit = { init: kaimingNormal({ mode: 'fanOut' }), biasInit: zerosInit() }
  const linearInit = { init: normalInit({ std: 0.01 }), biasInit: zerosInit() }
  const conv = (times: number) => [
    conv2d(times * width, 3, { padding: 1, ...convInit }),
    ...(batchNorm ? [batchNorm2d()] : []),
    relu(),
  ]
  const dense = () => [linear(hidden, linearInit), relu(), dropout(p)]
  return sequential({
    features: sequential(...STAGES.flatMap((stage) => [...stage.flatMap(conv), maxPool2d(2)])),
    avgpool: adaptiveAvgPool2d(pool),
    flatten: flatten(),
    classifier: sequential(...dense(), ...dense(), linear(classes, linearInit)),
  })
}
