import * as z from 'zod'
import { foldIn } from '../../random/index.ts'
import { conv2d as convolve, formatShape, type Padding, type Pair, ShapeError } from '../../tensor/index.ts'
import { pairOf, parseConfig, wholeNumber } from '../config.ts'
import { fanInUniform } from '../initializers.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({
  outChannels: wholeNumber(1),
  kernel: pairOf(1),
  stride: pairOf(1),
  padding: z.union([z.literal('same'), pairOf(0)]),
  dilation: pairOf(1),
  groups: wholeNumber(1),
  bias: z.boolean(),
})

/** Defaults: stride 1, no padding, dilation 1, one group, with bias. */
export interface Conv2dOptions {
  readonly stride?: Pair
  /** `'same'` keeps height and width (stride 1 only). */
  readonly padding?: Pair | 'same'
  readonly dilation?: Pair
  readonly groups?: number
  readonly bias?: boolean
}

const both = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value)

/** Zeros that keep a map's size; an odd one goes to the bottom and right, as in PyTorch. */
function samePadding(kernel: Pair, dilation: Pair): Padding {
  const [height = 0, width = 0] = both(kernel).map((size, axis) => both(dilation)[axis === 0 ? 0 : 1] * (size - 1))
  const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)]
  return [top, left, height - top, width - left]
}

/**
 * Convolution over images, PyTorch's `nn.Conv2d`: `[batch, in, height, width]` to `[batch, outChannels, height', width']`.
 *
 * Weights: `weight [outChannels, in / groups, kernel height, kernel width]`, `bias [outChannels]`, uniform in ±1/√fanIn.
 *
 * @param outChannels maps that come out; the channels that come in are worked out
 * @param kernel window: a number, or `[height, width]`
 * @example
 * conv2d(32, 3, { padding: 'same' })
 */
export function conv2d(outChannels: number, kernel: Pair, options: Conv2dOptions = {}): Layer {
  const config = parseConfig('conv2d', schema, {
    stride: 1,
    padding: 0,
    dilation: 1,
    groups: 1,
    bias: true,
    ...options,
    outChannels,
    kernel,
  })
  const { stride, dilation, groups } = config
  if (config.padding === 'same' && both(stride).some((step) => step > 1))
    parseConfig('conv2d', z.never({ error: "padding 'same' needs stride 1; give the padding as a number" }), options)
  const padding = config.padding === 'same' ? samePadding(config.kernel, dilation) : config.padding
  const shown = Object.entries(config).filter(
    ([name, value]) =>
      !(name === 'padding' && value === 0) && !(name !== 'kernel' && name !== 'outChannels' && value === 1),
  )
  return layer('Conv2d', {
    config: Object.fromEntries(shown),
    init: (key, input) => {
      const [, channels] = input
      if (channels === undefined || input.length !== 4)
        throw new ShapeError(
          `conv2d needs [batch, channels, height, width] and ${formatShape(input)} came in: put it before flatten()`,
        )
      if (channels % groups !== 0 || config.outChannels % groups !== 0)
        throw new ShapeError(
          `conv2d in ${groups} groups needs channels that ${groups} divides, and has ${channels} in, ${config.outChannels} out`,
        )
      const shape = [config.outChannels, channels / groups, ...both(config.kernel)]
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1)
      const weight = fanInUniform(foldIn(key, 'weight'), shape, fanIn)
      return config.bias ? { weight, bias: fanInUniform(foldIn(key, 'bias'), [config.outChannels], fanIn) } : { weight }
    },
    apply: ({ weight, bias }, x) => {
      if (weight === undefined) throw new ShapeError('conv2d has no weight')
      return convolve(x, weight, { stride, padding, dilation, groups, ...(bias && { bias }) })
    },
    with: (changes) => {
      const changed = parseConfig('conv2d', schema, { ...config, ...changes })
      return conv2d(changed.outChannels, changed.kernel, changed)
    },
  })
}
