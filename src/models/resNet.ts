import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import {
  batchNorm2d,
  conv2d,
  flatten,
  globalAvgPool2d,
  kaimingNormal,
  type Layer,
  linear,
  maxPool2d,
  relu,
  residual,
  sequential,
} from '../nn/index.ts'
import { count } from './options.ts'

/** Defaults: 10 classes, 64 channels, and the stem for large images. */
export interface ResNetOptions {
  readonly classes?: number
  /** Channels of the first stage; each stage has twice as many as the one before. */
  readonly width?: number
  /**
   * `'imagenet'`: a 7 × 7 convolution and a pooling, which make a map a quarter as high and wide. `'cifar'`: a 3 × 3
   * convolution alone, for images of 28 to 64 pixels.
   */
  readonly stem?: 'imagenet' | 'cifar'
}

const schema = z.strictObject({ classes: count, width: count, stem: z.enum(['imagenet', 'cifar']) })

const conv = (channels: number, kernel: number, stride: number, padding: number): Layer =>
  conv2d(channels, kernel, { stride, padding, bias: false, init: kaimingNormal({ mode: 'fanOut' }) })

/** Two 3 × 3 convolutions around which the input goes, by a 1 × 1 convolution where the size changes. */
function basicBlock(channels: number, stride: number, changes: boolean): Layer {
  const body = sequential({
    conv1: conv(channels, 3, stride, 1),
    bn1: batchNorm2d(),
    relu: relu(),
    conv2: conv(channels, 3, 1, 1),
    bn2: batchNorm2d(),
  })
  const shortcut = sequential(conv(channels, 1, stride, 0), batchNorm2d())
  return residual(body, { after: relu(), ...(changes && { shortcut }) })
}

/** `count` blocks, of which the first halves the map, but for the first stage. */
const stage = (index: number, count: number, width: number): Layer =>
  sequential(
    ...Array.from({ length: count }, (_, i) => {
      const changes = i === 0 && index > 0
      return basicBlock(width * 2 ** index, changes ? 2 : 1, changes)
    }),
  )

function resNet(
  [first, second, third, fourth]: readonly [number, number, number, number],
  options: ResNetOptions,
): Layer {
  const defaults = { classes: 10, width: 64, stem: 'imagenet' }
  const { classes, width, stem } = parseConfig('resNet', schema, { ...defaults, ...options })
  return sequential({
    conv1: stem === 'imagenet' ? conv(width, 7, 2, 3) : conv(width, 3, 1, 1),
    bn1: batchNorm2d(),
    relu: relu(),
    ...(stem === 'imagenet' && { maxpool: maxPool2d(3, { stride: 2, padding: 1 }) }),
    layer1: stage(0, first, width),
    layer2: stage(1, second, width),
    layer3: stage(2, third, width),
    layer4: stage(3, fourth, width),
    avgpool: globalAvgPool2d(),
    flatten: flatten(),
    fc: linear(classes),
  })
}

/**
 * ResNet-18: eight blocks of two convolutions (He, Zhang, Ren and Sun, 2016), with names and first weights as torchvision's, whose
 * files it loads. 11,181,642 parameters for three channels and 10 classes.
 *
 * @example
 * resNet18({ stem: 'cifar', width: 32 }) // for MNIST, FashionMNIST or CIFAR-10
 */
export const resNet18 = (options: ResNetOptions = {}): Layer => resNet([2, 2, 2, 2], options)

/** ResNet-34: sixteen blocks; otherwise as {@link resNet18}. 21,289,802 parameters for three channels and 10 classes. */
export const resNet34 = (options: ResNetOptions = {}): Layer => resNet([3, 4, 6, 3], options)
