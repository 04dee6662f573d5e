import * as z from 'zod'
import { conv1d as convolve, formatShape, ShapeError } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { type InitOptions, initSchema, weightAndBias } from '../initializers/option.ts'
import { type Config, type Layer, layer } from '../layer.ts'
import { requireGroups, requireStrideOne, samePadding, shown } from './convolutionOptions.ts'

const schema = z.strictObject({
  outChannels: wholeNumber(1),
  kernel: wholeNumber(1),
  stride: wholeNumber(1),
  padding: z.union([z.literal('same'), wholeNumber(0)]),
  dilation: wholeNumber(1),
  groups: wholeNumber(1),
  bias: z.boolean(),
  ...initSchema,
})

/** Defaults: stride 1, no padding, dilation 1, one group, with bias, weights drawn as in PyTorch. */
export interface Conv1dLayerOptions extends InitOptions {
  readonly stride?: number
  /** `'same'` keeps the length (stride 1 only); an odd zero goes to the end. */
  readonly padding?: number | 'same'
  readonly dilation?: number
  readonly groups?: number
  readonly bias?: boolean
}

/**
 * Convolution over sequences, PyTorch's `nn.Conv1d`: `[batch, in, length]` to `[batch, outChannels, length']`.
 *
 * Weights: `weight [outChannels, in / groups, kernel]`, `bias [outChannels]`, uniform in ±1/√fanIn unless told otherwise.
 *
 * @param outChannels channels that come out; those that come in are worked out
 * @example
 * sequential(conv1d(16, 9, { padding: 'same' }), relu(), maxPool1d(4))
 */
export function conv1d(outChannels: number, kernel: number, options: Conv1dLayerOptions = {}): Layer {
  const defaults = { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true }
  const config = parseConfig('conv1d', schema, { ...defaults, ...options, outChannels, kernel })
  const { stride, dilation, groups } = config
  requireStrideOne('conv1d', config.padding, [stride], options)
  const padding = config.padding === 'same' ? samePadding(config.kernel, dilation) : config.padding
  const changed = (changes: Config): Layer => {
    const { outChannels: out, kernel: size, ...rest } = parseConfig('conv1d', schema, { ...config, ...changes })
    return conv1d(out, size, rest)
  }
  return layer('Conv1d', {
    config: shown(config),
    init: (key, input) => {
      const [, channels] = input
      if (channels === undefined || input.length !== 3)
        throw new ShapeError(`conv1d needs [batch, channels, length] and ${formatShape(input)} came in`)
      requireGroups('conv1d', groups, channels, config.outChannels)
      const shape = [config.outChannels, channels / groups, config.kernel]
      return weightAndBias(key, shape, config.bias ? config.outChannels : 0, config)
    },
    apply: ({ weight, bias }, x) => {
      if (weight === undefined) throw new ShapeError('conv1d has no weight')
      return convolve(x, weight, { stride, padding, dilation, groups, ...(bias && { bias }) })
    },
    with: changed,
    withInit: (inits) => changed({ ...inits }),
  })
}
