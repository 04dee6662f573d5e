import * as z from 'zod'
import { convTranspose2d as convolve, formatShape, type Pair, ShapeError } from '../../tensor/index.ts'
import { pairOf, parseConfig, wholeNumber } from '../config.ts'
import { type InitOptions, initSchema, weightAndBias } from '../initializers/option.ts'
import { type Config, type Layer, layer } from '../layer.ts'
import { both, requireGroups, shown } from './convolutionOptions.ts'

const schema = z.strictObject({
  outChannels: wholeNumber(1),
  kernel: pairOf(1),
  stride: pairOf(1),
  padding: pairOf(0),
  outputPadding: pairOf(0),
  dilation: pairOf(1),
  groups: wholeNumber(1),
  bias: z.boolean(),
  ...initSchema,
})

/** Defaults: stride 1, no padding, no output padding, dilation 1, one group, with bias, weights drawn as in PyTorch. */
export interface ConvTranspose2dOptions extends InitOptions {
  readonly stride?: Pair
  /** Taken off each side: the padding of the convolution that this one undoes. */
  readonly padding?: Pair
  /** Rows and columns added at the bottom and right, fewer than the stride. */
  readonly outputPadding?: Pair
  readonly dilation?: Pair
  readonly groups?: number
  readonly bias?: boolean
}

/**
 * Transposed convolution, PyTorch's `nn.ConvTranspose2d`: with stride 2 it doubles maps, as decoders need.
 * `[batch, in, height, width]` to `[batch, outChannels, height', width']` with
 * size' = (size - 1)·stride - 2·padding + dilation·(kernel - 1) + outputPadding + 1.
 *
 * Weights: `weight [in, outChannels / groups, kernel height, kernel width]`, `bias [outChannels]`.
 *
 * @example
 * convTranspose2d(16, 4, { stride: 2, padding: 1 }) // [batch, 32, 7, 7] to [batch, 16, 14, 14]
 */
export function convTranspose2d(outChannels: number, kernel: Pair, options: ConvTranspose2dOptions = {}): Layer {
  const defaults = { stride: 1, padding: 0, outputPadding: 0, dilation: 1, groups: 1, bias: true }
  const config = parseConfig('convTranspose2d', schema, { ...defaults, ...options, outChannels, kernel })
  const { stride, padding, outputPadding, dilation, groups } = config
  const changed = (changes: Config): Layer => {
    const all = parseConfig('convTranspose2d', schema, { ...config, ...changes })
    const { outChannels: out, kernel: size, ...rest } = all
    return convTranspose2d(out, size, rest)
  }
  return layer('ConvTranspose2d', {
    config: shown(config),
    init: (key, input) => {
      const [, channels] = input
      if (channels === undefined || input.length !== 4)
        throw new ShapeError(
          `convTranspose2d needs [batch, channels, height, width] and ${formatShape(input)} came in: put unflatten() before it`,
        )
      requireGroups('convTranspose2d', groups, channels, config.outChannels)
      const shape = [channels, config.outChannels / groups, ...both(config.kernel)]
      return weightAndBias(key, shape, config.bias ? config.outChannels : 0, config)
    },
    apply: ({ weight, bias }, x) => {
      if (weight === undefined) throw new ShapeError('convTranspose2d has no weight')
      return convolve(x, weight, { stride, padding, outputPadding, dilation, groups, ...(bias && { bias }) })
    },
    with: changed,
    withInit: (inits) => changed({ ...inits }),
  })
}
