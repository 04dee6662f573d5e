/**
 * Normalisation of each sample by itself: nothing depends on the batch, so training and evaluation are the same.
 *
 * @module
 */
import { axisSize, formatShape, type Shape, ShapeError, sameShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { ones, zeros } from './constant.ts'
import { layerNormalizationOperation } from './layerNormalization.ts'
import { channelAffine } from './normalization.ts'
import { reshape } from './shaping.ts'

/** Scale and shift after normalisation (default: none), and what is added to the variance (default 1e-5). */
export interface FeatureNormOptions {
  readonly weight?: Tensor
  readonly bias?: Tensor
  readonly epsilon?: number
}

function requireShapes(op: string, { weight, bias }: FeatureNormOptions, shape: Shape): void {
  for (const [name, parameter] of Object.entries({ weight, bias }))
    if (parameter !== undefined && !sameShape(parameter.shape, shape))
      throw new ShapeError(
        `${op}: the ${name} has shape ${formatShape(parameter.shape)} but must be ${formatShape(shape)}`,
      )
}

/**
 * Layer normalisation (Ba, Kiros and Hinton, 2016) over the last axes, as PyTorch's `layer_norm`.
 *
 * @param options.axes how many of the last axes are normalised together (default: as many as the weight or the bias has, else 1)
 * @param options.weight and `options.bias` have the sizes of these axes
 */
export function layerNorm(x: Tensor, options: FeatureNormOptions & { readonly axes?: number } = {}): Tensor {
  const rank = x.shape.length
  const axes = options.axes ?? options.weight?.shape.length ?? options.bias?.shape.length ?? 1
  if (!Number.isInteger(axes) || axes < 1 || axes > rank)
    throw new ShapeError(
      `layerNorm: ${axes} last axes of ${formatShape(x.shape)}; give a whole number from 1 to ${rank}`,
    )
  const shape = x.shape.slice(rank - axes)
  requireShapes('layerNorm', options, shape)
  const { weight, bias, epsilon = 1e-5 } = options
  const scale = weight ?? (bias && ones(shape))
  const inputs = [x, ...(scale ? [scale] : []), ...(bias ? [bias] : [])]
  return layerNormalizationOperation.apply(inputs, { axis: rank - axes, epsilon })
}

function groupwise(op: string, x: Tensor, groups: number, options: FeatureNormOptions): Tensor {
  const [batch, channels, ...map] = x.shape
  if (batch === undefined || channels === undefined)
    throw new ShapeError(`${op}: the input has shape ${formatShape(x.shape)} but must be [batch, channels, ...]`)
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new ShapeError(
      `${op}: ${channels} channels do not go into ${groups} groups; the number must divide ${channels}`,
    )
  requireShapes(op, options, [channels])
  const { weight, bias, epsilon } = options
  const grouped = reshape(x, [batch, groups, (channels / groups) * sizeOf(map)])
  const normal = reshape(layerNorm(grouped, epsilon === undefined ? {} : { epsilon }), x.shape)
  return weight === undefined && bias === undefined
    ? normal
    : channelAffine(normal, weight ?? ones([channels]), bias ?? zeros([channels]))
}

/**
 * Group normalisation (Wu and He, 2018): channels in groups, each normalised together with its map, sample by sample.
 *
 * @param x `[batch, channels, ...]`
 * @param options.weight and `options.bias` are `[channels]`
 */
export const groupNorm = (x: Tensor, groups: number, options: FeatureNormOptions = {}): Tensor =>
  groupwise('groupNorm', x, groups, options)

/**
 * Instance normalisation (Ulyanov, Vedaldi and Lempitsky, 2016): each channel's map normalised sample by sample.
 *
 * @param x `[batch, channels, ...]`, with more than one number a channel
 * @param options.weight and `options.bias` are `[channels]`
 */
export function instanceNorm(x: Tensor, options: FeatureNormOptions = {}): Tensor {
  if (sizeOf(x.shape.slice(2)) === 1)
    throw new ShapeError(
      `instanceNorm: one number a channel in ${formatShape(x.shape)} would always become 0; it needs a map of at least 2`,
    )
  return groupwise('instanceNorm', x, axisSize(x.shape, 1), options)
}
