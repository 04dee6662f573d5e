/**
 * Normalisation of each sample by itself: nothing depends on the batch, so training and evaluation are the same.
 *
 * @module
 */
import { axisSize, formatShape, type Shape, ShapeError, sameShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { reduceMean } from './reduction.ts'
import { reshape } from './shaping.ts'
import { sqrt } from './unary.ts'

/** Scale and shift after normalisation (default: none), and what is added to the variance (default 1e-5). */
export interface FeatureNormOptions {
  readonly weight?: Tensor
  readonly bias?: Tensor
  readonly epsilon?: number
}

/** Mean 0 and (biased) variance 1 over axes. */
function whiten(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const options = { axes, keepDims: true }
  const centred = sub(x, reduceMean(x, options))
  return div(centred, sqrt(add(reduceMean(mul(centred, centred), options), epsilon)))
}

function scaled(op: string, x: Tensor, { weight, bias }: FeatureNormOptions, shape: Shape, view: Shape): Tensor {
  for (const [name, parameter] of Object.entries({ weight, bias }))
    if (parameter !== undefined && !sameShape(parameter.shape, shape))
      throw new ShapeError(
        `${op}: the ${name} has shape ${formatShape(parameter.shape)} but must be ${formatShape(shape)}`,
      )
  const stretched = weight === undefined ? x : mul(x, reshape(weight, view))
  return bias === undefined ? stretched : add(stretched, reshape(bias, view))
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
  const last = shape.map((_, i) => rank - axes + i)
  return scaled('layerNorm', whiten(x, last, options.epsilon ?? 1e-5), options, shape, shape)
}

function groupwise(op: string, x: Tensor, groups: number, options: FeatureNormOptions): Tensor {
  const [batch, channels, ...map] = x.shape
  if (batch === undefined || channels === undefined)
    throw new ShapeError(`${op}: the input has shape ${formatShape(x.shape)} but must be [batch, channels, ...]`)
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new ShapeError(
      `${op}: ${channels} channels do not go into ${groups} groups; the number must divide ${channels}`,
    )
  const grouped = reshape(x, [batch, groups, (channels / groups) * sizeOf(map)])
  const whitened = reshape(whiten(grouped, [2], options.epsilon ?? 1e-5), x.shape)
  return scaled(op, whitened, options, [channels], [channels, ...map.map(() => 1)])
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
