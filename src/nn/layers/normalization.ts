import * as z from 'zod'
import {
  add,
  batchNormalization,
  batchNormTraining,
  channelMean,
  channelVariance,
  formatShape,
  mul,
  type Shape,
  ShapeError,
  sizeOf,
  Tensor,
} from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { filled } from '../initializers.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ epsilon: z.number().positive(), momentum: z.number().min(0).max(1) })

/** Defaults: epsilon 1e-5, momentum 0.1 (the weight of the new batch, as in PyTorch). */
export interface BatchNormOptions {
  readonly epsilon?: number
  readonly momentum?: number
}

function channelsOf(input: Shape): number {
  const [, channels] = input
  if (channels === undefined || input.length !== 4)
    throw new ShapeError(`batchNorm2d needs [batch, channels, height, width] and ${formatShape(input)} came in`)
  return channels
}

/**
 * Batch normalisation of images, PyTorch's `nn.BatchNorm2d` (Ioffe and Szegedy, 2015). In training each channel is
 * normalised by the batch's own mean and variance; else by the running ones.
 *
 * Weights: `weight [channels]` (ones), `bias [channels]` (zeros). Buffers: `running_mean`, `running_var`.
 */
export function batchNorm2d(options: BatchNormOptions = {}): Layer {
  const { epsilon, momentum } = parseConfig('batchNorm2d', schema, { epsilon: 1e-5, momentum: 0.1, ...options })
  return layer('BatchNorm2d', {
    config: { ...options },
    init: (_, input) => ({ weight: filled([channelsOf(input)], 1), bias: filled([channelsOf(input)], 0) }),
    buffers: (input) => ({ running_mean: filled([channelsOf(input)], 0), running_var: filled([channelsOf(input)], 1) }),
    apply: ({ weight, bias }, x, context) => {
      const { running_mean: mean, running_var: variance } = context.buffers
      if (!weight || !bias || !(mean instanceof Tensor) || !(variance instanceof Tensor))
        throw new ShapeError('batchNorm2d lacks its weight, bias or running statistics')
      if (!context.training) return batchNormalization(x, { scale: weight, bias, mean, variance }, { epsilon })
      const output = batchNormTraining(x, weight, bias, { epsilon })
      const count = sizeOf(x.shape) / channelsOf(x.shape)
      if (count < 2)
        throw new ShapeError(
          `batchNorm2d needs more than one value a channel to train on, and a batch of ${formatShape(x.shape)} has one; ` +
            'use a larger batch',
        )
      const blend = (old: Tensor, now: Tensor): Tensor => add(mul(old, 1 - momentum), mul(now, momentum))
      context.updateBuffer('running_mean', blend(mean, channelMean(x)))
      // PyTorch keeps the unbiased variance, though it normalises by the biased one.
      context.updateBuffer('running_var', blend(variance, mul(channelVariance(x), count / (count - 1))))
      return output
    },
    with: (changes) => batchNorm2d({ ...options, ...changes }),
  })
}
