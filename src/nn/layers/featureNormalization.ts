/**
 * Normalisation of each sample by itself: training and evaluation are the same, and so is any batch size.
 *
 * @module
 */
import * as z from 'zod'
import * as ops from '../../tensor/index.ts'
import { formatShape, ShapeError } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { filled } from '../initializers/index.ts'
import { type Layer, layer } from '../layer.ts'

const common = { epsilon: z.number().positive().optional(), affine: z.boolean().optional() }

/** Defaults: epsilon 1e-5, and a weight and a bias that are learnt. */
export interface FeatureNormLayerOptions {
  readonly epsilon?: number | undefined
  readonly affine?: boolean | undefined
}

const layerSchema = z.strictObject({ axes: wholeNumber(1).optional(), ...common })

/**
 * Layer normalisation, PyTorch's `nn.LayerNorm` (Ba, Kiros and Hinton, 2016): each sample's last axes to mean 0 and variance 1.
 *
 * Weights, of these axes' sizes: `weight` (ones), `bias` (zeros).
 *
 * @param options.axes how many of the last axes are normalised together; default 1
 */
export function layerNorm(options: FeatureNormLayerOptions & { readonly axes?: number | undefined } = {}): Layer {
  const config = parseConfig('layerNorm', layerSchema, { ...options })
  const { axes = 1, epsilon = 1e-5, affine = true } = config
  return layer('LayerNorm', {
    config,
    init: (_, input) => {
      if (input.length < axes + 1)
        throw new ShapeError(
          `layerNorm over ${axes} axes needs as many after the batch and ${formatShape(input)} came in`,
        )
      const shape = input.slice(-axes)
      return affine ? { weight: filled(shape, 1), bias: filled(shape, 0) } : {}
    },
    apply: ({ weight, bias }, x) =>
      ops.layerNorm(x, { axes, epsilon, ...(weight && { weight }), ...(bias && { bias }) }),
    with: (changes) => layerNorm(parseConfig('layerNorm', layerSchema, { ...config, ...changes })),
  })
}

const groupSchema = z.strictObject({ groups: wholeNumber(1), ...common })

/**
 * Group normalisation, PyTorch's `nn.GroupNorm` (Wu and He, 2018): channels in groups, each brought to mean 0 and variance 1
 * together with its map. It stands in for batch normalisation where batches are small.
 *
 * Weights: `weight [channels]` (ones), `bias [channels]` (zeros).
 *
 * @param groups must divide the channels; 1: all together
 */
export function groupNorm(groups: number, options: FeatureNormLayerOptions = {}): Layer {
  const config = parseConfig('groupNorm', groupSchema, { ...options, groups })
  const { epsilon = 1e-5, affine = true } = config
  return layer('GroupNorm', {
    config,
    init: (_, input) => {
      const [, channels] = input
      if (channels === undefined)
        throw new ShapeError(`groupNorm needs [batch, channels, …] and ${formatShape(input)} came in`)
      return affine ? { weight: filled([channels], 1), bias: filled([channels], 0) } : {}
    },
    apply: ({ weight, bias }, x) =>
      ops.groupNorm(x, config.groups, { epsilon, ...(weight && { weight }), ...(bias && { bias }) }),
    with: (changes) => {
      const { groups: count, ...rest } = parseConfig('groupNorm', groupSchema, { ...config, ...changes })
      return groupNorm(count, rest)
    },
  })
}
