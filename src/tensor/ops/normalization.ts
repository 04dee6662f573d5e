import { at, type NdArray, ndarray, reduceAxes } from '../ndarray.ts'
import { axisSize, formatShape, type Shape, ShapeError, sizeOf } from '../shape.ts'
import { defineOperation, type Tensor, type TensorType } from '../tensor.ts'
import { add, div, mul, pow, sub } from './arithmetic.ts'
import { zeros } from './constant.ts'
import { commonDtype, requireDtype } from './operands.ts'
import { reduceSum } from './reduction.ts'
import { expand, reshape } from './shaping.ts'
import { neg, sqrt } from './unary.ts'

/** Every axis but the channels', axis 1. */
const otherAxes = (shape: Shape): number[] => shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
/** Numbers a channel has. */
const perChannel = (shape: Shape): number => sizeOf(shape) / axisSize(shape, 1)
/** A `[channels]` vector, shaped to broadcast over `like`. */
const overChannels = (vector: Tensor, like: TensorType): Tensor =>
  reshape(
    vector,
    like.shape.map((size, axis) => (axis === 1 ? size : 1)),
  )

/** Adds up `value(flat, channel)` for each channel. */
function channelSums({ shape, data }: NdArray, value: (flat: number, channel: number) => number): Float64Array {
  const sums = new Float64Array(axisSize(shape, 1))
  const plane = sizeOf(shape.slice(2))
  data.forEach((_, flat) => {
    const channel = Math.floor(flat / plane) % sums.length
    sums[channel] = (sums[channel] ?? 0) + value(flat, channel)
  })
  return sums
}

function channelVector(op: string, x: TensorType | undefined): Shape {
  if (x === undefined || x.shape.length < 2)
    throw new ShapeError(`${op}: the input has shape ${formatShape(x?.shape ?? [])} but needs [batch, channels, …]`)
  requireDtype(op, 'the input', x, 'float32')
  return [axisSize(x.shape, 1)]
}

export const channelMeanOperation = defineOperation<Record<string, never>>({
  name: 'channelMean',
  infer: ([x]) => ({ dtype: 'float32', shape: channelVector('channelMean', x) }),
  reference: ([x], _, { shape }) =>
    ndarray(
      shape,
      x && reduceAxes(x, otherAxes(x.shape), shape, 0, (a, b) => a + b).data.map((s) => s / perChannel(x.shape)),
    ),
  vjp: ({ inputs: [x], cotangent }) => [
    x === undefined ? undefined : expand(overChannels(div(cotangent, perChannel(x.shape)), x), x.shape),
  ],
})

/** Mean of each channel over batch and positions: `[batch, channels, …]` to `[channels]`. */
export const channelMean = (x: Tensor): Tensor => channelMeanOperation.apply([x], {})

export const channelVarianceOperation = defineOperation<Record<string, never>>({
  name: 'channelVariance',
  infer: ([x]) => ({ dtype: 'float32', shape: channelVector('channelVariance', x) }),
  reference: ([x], _, { shape }) => {
    if (x === undefined) return ndarray(shape)
    const count = perChannel(x.shape)
    const means = channelSums(x, (flat) => at(x, flat)).map((sum) => sum / count)
    return ndarray(
      shape,
      channelSums(x, (flat, channel) => (at(x, flat) - (means[channel] ?? 0)) ** 2).map((sum) => sum / count),
    )
  },
  vjp: ({ inputs: [x], cotangent }) => [
    x === undefined
      ? undefined
      : mul(sub(x, overChannels(channelMean(x), x)), overChannels(mul(cotangent, 2 / perChannel(x.shape)), x)),
  ],
})

/** Variance (divided by n, not n - 1) of each channel over batch and positions: `[batch, channels, …]` to `[channels]`. */
export const channelVariance = (x: Tensor): Tensor => channelVarianceOperation.apply([x], {})

export const channelAffineOperation = defineOperation<Record<string, never>>({
  name: 'channelAffine',
  infer: (inputs) => {
    const [x, ...vectors] = inputs
    const channels = channelVector('channelAffine', x)
    for (const vector of vectors)
      if (formatShape(vector.shape) !== formatShape(channels))
        throw new ShapeError(
          `channelAffine: scale and shift must be ${formatShape(channels)}, as the input has that many channels, and one has ` +
            `${formatShape(vector.shape)}`,
        )
    return { dtype: commonDtype('channelAffine', inputs), shape: x?.shape ?? [] }
  },
  reference: ([x, scale, shift], _, { shape }) => {
    const out = ndarray(shape)
    if (!x || !scale || !shift) return out
    const plane = sizeOf(shape.slice(2))
    out.data.forEach((_value, flat) => {
      const c = Math.floor(flat / plane) % axisSize(shape, 1)
      out.data[flat] = at(x, flat) * at(scale, c) + at(shift, c)
    })
    return out
  },
  vjp: ({ inputs: [x, scale, shift], cotangent }) => {
    if (!x || !scale || !shift) return []
    const axes = otherAxes(x.shape)
    return [
      channelAffine(cotangent, scale, zeros(shift.shape)),
      reduceSum(mul(cotangent, x), { axes }),
      reduceSum(cotangent, { axes }),
    ]
  },
})

/**
 * `x · scale + shift`, each channel with its own: one pass over the map.
 *
 * @param x `[batch, channels, …]`
 * @param scale `[channels]`
 * @param shift `[channels]`
 */
export const channelAffine = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
  channelAffineOperation.apply([x, scale, shift], {})

export interface NormalizationAttributes {
  readonly epsilon: number
}

export const batchNormTrainingOperation = defineOperation<NormalizationAttributes>({
  name: 'batchNormTraining',
  infer: (inputs) => {
    const [x, scale, bias] = inputs
    const channels = channelVector('batchNorm', x)
    for (const vector of [scale, bias])
      if (vector === undefined || formatShape(vector.shape) !== formatShape(channels))
        throw new ShapeError(
          `batchNorm: scale and bias must be ${formatShape(channels)}, as the input has that many channels, and one has ` +
            `${formatShape(vector?.shape ?? [])}`,
        )
    return { dtype: commonDtype('batchNorm', inputs), shape: x?.shape ?? [] }
  },
  reference: ([x, scale, bias], { epsilon }, { shape }) => {
    const out = ndarray(shape)
    if (x === undefined || scale === undefined || bias === undefined) return out
    const count = perChannel(shape)
    const means = channelSums(x, (flat) => at(x, flat)).map((sum) => sum / count)
    const variances = channelSums(x, (flat, c) => (at(x, flat) - (means[c] ?? 0)) ** 2).map((sum) => sum / count)
    const plane = sizeOf(shape.slice(2))
    out.data.forEach((_, flat) => {
      const c = Math.floor(flat / plane) % axisSize(shape, 1)
      const normal = (at(x, flat) - (means[c] ?? 0)) / Math.sqrt((variances[c] ?? 0) + epsilon)
      out.data[flat] = normal * at(scale, c) + at(bias, c)
    })
    return out
  },
  vjp: ({ inputs: [x, scale], cotangent, attributes: { epsilon } }) => {
    if (x === undefined || scale === undefined) return []
    const axes = otherAxes(x.shape)
    const count = perChannel(x.shape)
    const inverse = div(1, sqrt(add(channelVariance(x), epsilon)))
    const normal = channelAffine(x, inverse, neg(mul(channelMean(x), inverse)))
    const gradBias = reduceSum(cotangent, { axes })
    const gradScale = reduceSum(mul(cotangent, normal), { axes })
    // dx = γσ⁻¹ (g - mean(g) - x̂ mean(g x̂)), each term one pass over a map.
    const gain = mul(scale, inverse)
    const [slope, shift] = [gradScale, gradBias].map((sum) => mul(mul(gain, sum), -1 / count))
    if (slope === undefined || shift === undefined) return []
    const gradX = add(channelAffine(normal, slope, shift), channelAffine(cotangent, gain, zeros(gain.shape)))
    return [gradX, gradScale, gradBias]
  },
})

/**
 * Each channel normalised by its own mean and variance in this batch, then scaled and shifted (Ioffe and Szegedy, 2015).
 *
 * @param x `[batch, channels, …]`
 * @param scale `[channels]`, γ
 * @param bias `[channels]`, β
 */
export function batchNormTraining(x: Tensor, scale: Tensor, bias: Tensor, { epsilon = 1e-5 } = {}): Tensor {
  return batchNormTrainingOperation.apply([x, scale, bias], { epsilon })
}

export const batchNormalizationOperation = defineOperation<NormalizationAttributes>({
  name: 'batchNormalization',
  infer: (inputs) => {
    const [x, ...vectors] = inputs
    const channels = channelVector('batchNorm', x)
    for (const vector of vectors)
      if (formatShape(vector.shape) !== formatShape(channels))
        throw new ShapeError(
          `batchNorm: scale, bias, mean and variance must be ${formatShape(channels)}, as the input has that many ` +
            `channels, and one has ${formatShape(vector.shape)}`,
        )
    return { dtype: commonDtype('batchNorm', inputs), shape: x?.shape ?? [] }
  },
  reference: ([x, scale, bias, mean, variance], { epsilon }, { shape }) => {
    const out = ndarray(shape)
    if (!x || !scale || !bias || !mean || !variance) return out
    const plane = sizeOf(shape.slice(2))
    out.data.forEach((_, flat) => {
      const c = Math.floor(flat / plane) % axisSize(shape, 1)
      out.data[flat] = ((at(x, flat) - at(mean, c)) / Math.sqrt(at(variance, c) + epsilon)) * at(scale, c) + at(bias, c)
    })
    return out
  },
  vjp: ({ inputs: [x, scale, , mean, variance], cotangent, attributes: { epsilon } }) => {
    if (!x || !scale || !mean || !variance) return []
    const axes = otherAxes(x.shape)
    const inverse = pow(add(variance, epsilon), -0.5)
    const moment = reduceSum(mul(cotangent, sub(x, overChannels(mean, x))), { axes })
    const total = reduceSum(cotangent, { axes })
    return [
      mul(cotangent, overChannels(mul(scale, inverse), x)),
      mul(moment, inverse),
      total,
      mul(mul(total, mul(scale, inverse)), -1),
      mul(mul(moment, scale), mul(pow(inverse, 3), -0.5)),
    ]
  },
})

/** {@link batchNormTraining} with given statistics, as used when evaluating; all vectors are `[channels]`. */
export function batchNormalization(
  x: Tensor,
  vectors: { readonly scale: Tensor; readonly bias: Tensor; readonly mean: Tensor; readonly variance: Tensor },
  { epsilon = 1e-5 } = {},
): Tensor {
  return batchNormalizationOperation.apply([x, vectors.scale, vectors.bias, vectors.mean, vectors.variance], {
    epsilon,
  })
}
