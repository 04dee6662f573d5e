import * as z from 'zod'
import { conv2d as convolve, formatShape, type Pair, ShapeError } from '../../tensor/index.ts'
import { optionsOf, pairOf, parseConfig, wholeNumber } from '../config.ts'
import { type InitOptions, initSchema, weightAndBias } from '../initializers/option.ts'
import { type Config, type Layer, layer } from '../layer.ts'
import { both, requireGroups, requireStrideOne, samePadding, shown } from './convolutionOptions.ts'

const schema = z.strictObject({
  outChannels: wholeNumber(1),
  kernel: pairOf(1),
  stride: pairOf(1),
  padding: z.union([z.literal('same'), pairOf(0)]),
  dilation: pairOf(1),
  groups: wholeNumber(1),
  bias: z.boolean(),
  ...initSchema,
})

/** Defaults: stride 1, no padding, dilation 1, one group, with bias, weights drawn as in PyTorch. */
export interface Conv2dOptions extends InitOptions {
  readonly stride?: Pair
  /** `'same'` keeps height and width (stride 1 only); an odd zero goes to the bottom and right. */
  readonly padding?: Pair | 'same'
  readonly dilation?: Pair
  readonly groups?: number
  readonly bias?: boolean
}

/**
 * Convolution over images, PyTorch's `nn.Conv2d`: `[batch, in, height, width]` to `[batch, outChannels, height', width']`.
 *
 * Weights: `weight [outChannels, in / groups, kernel height, kernel width]`, `bias [outChannels]`, uniform in ±1/√fanIn
 * unless told otherwise.
 *
 * @param outChannels maps that come out; the channels that come in are worked out
 * @param kernel window: a number, or `[height, width]`
 * @example
 * conv2d(32, 3, { padding: 'same' })
 */
export function conv2d(outChannels: number, kernel: Pair, options: Conv2dOptions = {}): Layer {
  const defaults = { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true }
  const given = optionsOf(
    'conv2d',
    options,
    'give channels that come out and kernel, as in conv2d(16, 3, { padding: 1 }); those that come in are worked out',
  )
  const config = parseConfig('conv2d', schema, { ...defaults, ...given, outChannels, kernel })
  const { stride, dilation, groups } = config
  const window = both(config.kernel)
  requireStrideOne('conv2d', config.padding, both(stride), options)
  const [tall, wide] = [samePadding(window[0], both(dilation)[0]), samePadding(window[1], both(dilation)[1])]
  const padding = config.padding === 'same' ? ([tall[0], wide[0], tall[1], wide[1]] as const) : config.padding
  const changed = (changes: Config): Layer => {
    const { outChannels: out, kernel: size, ...rest } = parseConfig('conv2d', schema, { ...config, ...changes })
    return conv2d(out, size, rest)
  }
  return layer('Conv2d', {
    config: shown(config),
    init: (key, input) => {
      const [, channels] = input
      if (channels === undefined || input.length !== 4)
        throw new ShapeError(
          `conv2d needs [batch, channels, height, width] and ${formatShape(input)} came in: put it before flatten()`,
        )
      requireGroups('conv2d', groups, channels, config.outChannels)
      const shape = [config.outChannels, channels / groups, ...window]
      return weightAndBias(key, shape, config.bias ? config.outChannels : 0, config)
    },
    apply: ({ weight, bias }, x) => {
      if (weight === undefined) throw new ShapeError('conv2d has no weight')
      return convolve(x, weight, { stride, padding, dilation, groups, ...(bias && { bias }) })
    },
    with: changed,
    withInit: (inits) => changed({ ...inits }),
  })
}
