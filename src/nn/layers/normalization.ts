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
  sub,
  Tensor,
} from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { filled } from '../initializers/index.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ epsilon: z.number().positive(), momentum: z.number().min(0).max(1) })

/** Defaults: epsilon 1e-5, momentum 0.1 (the weight of the new batch, as in PyTorch). */
export interface BatchNormOptions {
  readonly epsilon?: number
  readonly momentum?: number
}

/** What a batch norm is for. */
interface Variant {
  readonly name: 'batchNorm1d' | 'batchNorm2d'
  readonly kind: string
  readonly ranks: readonly number[]
  readonly needs: string
}

function channelsOf({ name, ranks, needs }: Variant, input: Shape): number {
  const [, channels] = input
  if (channels === undefined || !ranks.includes(input.length))
    throw new ShapeError(`${name} needs ${needs} and ${formatShape(input)} came in`)
  return channels
}

function batchNorm(variant: Variant, options: BatchNormOptions): Layer {
  const { name, kind } = variant
  const { epsilon, momentum } = parseConfig(name, schema, { epsilon: 1e-5, momentum: 0.1, ...options })
  const vector = (input: Shape, value: number) => filled([channelsOf(variant, input)], value)
  return layer(kind, {
    config: { ...options },
    init: (_, input) => ({ weight: vector(input, 1), bias: vector(input, 0) }),
    buffers: (input) => ({ running_mean: vector(input, 0), running_var: vector(input, 1) }),
    apply: ({ weight, bias }, x, context) => {
      const { running_mean: mean, running_var: variance } = context.buffers
      if (!weight || !bias || !(mean instanceof Tensor) || !(variance instanceof Tensor))
        throw new ShapeError(`${name} lacks its weight, bias or running statistics`)
      if (!context.training) return batchNormalization(x, { scale: weight, bias, mean, variance }, { epsilon })
      const output = batchNormTraining(x, weight, bias, { epsilon })
      const count = sizeOf(x.shape) / channelsOf(variant, x.shape)
      if (count < 2)
        throw new ShapeError(
          `${name} needs more than one value a channel to train on, and a batch of ${formatShape(x.shape)} has one; ` +
            'use a larger batch',
        )
      const [kept, taken] = context.momentum ? [sub(1, context.momentum), context.momentum] : [1 - momentum, momentum]
      const blend = (old: Tensor, now: Tensor): Tensor => add(mul(old, kept), mul(now, taken))
      context.updateBuffer('running_mean', blend(mean, channelMean(x)))
      // PyTorch keeps the unbiased variance, though it normalises by the biased one.
      context.updateBuffer('running_var', blend(variance, mul(channelVariance(x), count / (count - 1))))
      return output
    },
    with: (changes) => batchNorm(variant, { ...options, ...changes }),
  })
}

/**
 * Batch normalisation of images, PyTorch's `nn.BatchNorm2d` (Ioffe and Szegedy, 2015). In training each channel is
 * normalised by the batch's own mean and variance; else by the running ones.
 *
 * Weights: `weight [channels]` (ones), `bias [channels]` (zeros). Buffers: `running_mean`, `running_var`.
 */
export const batchNorm2d = (options: BatchNormOptions = {}): Layer =>
  batchNorm(
    { name: 'batchNorm2d', kind: 'BatchNorm2d', ranks: [4], needs: '[batch, channels, height, width]' },
    options,
  )

/**
 * Batch normalisation of features or sequences, PyTorch's `nn.BatchNorm1d`: of `[batch, features]` or
 * `[batch, channels, length]`, otherwise as {@link batchNorm2d}.
 */
export const batchNorm1d = (options: BatchNormOptions = {}): Layer =>
  batchNorm(
    {
      name: 'batchNorm1d',
      kind: 'BatchNorm1d',
      ranks: [2, 3],
      needs: '[batch, features] or [batch, channels, length]',
    },
    options,
  )
