import { at, type NdArray, ndarray } from '../ndarray.ts'
import { axisSize, formatShape, type Shape, ShapeError, sizeOf } from '../shape.ts'
import { defineOperation, type Operation, type Tensor } from '../tensor.ts'
import { commonDtype } from './operands.ts'
import { reduceSum } from './reduction.ts'
import { forEachTap, type Padding, type Pair, padding, pair, slide, type Window } from './window.ts'

/** Geometry of a convolution. The weight is `[out, in / groups, kernel height, kernel width]`. */
export interface ConvAttributes extends Window {
  readonly groups: number
}

type ImageShape = readonly [number, number, number, number]

/** The four sizes of an NCHW tensor. */
export function imageShape(
  op: string,
  what: string,
  shape: Shape,
  wanted = '[batch, channels, height, width]',
): ImageShape {
  const [n, c, h, w] = shape
  if (n === undefined || c === undefined || h === undefined || w === undefined || shape.length !== 4)
    throw new ShapeError(`${op}: ${what} has shape ${formatShape(shape)} but must be ${wanted}`)
  return [n, c, h, w]
}

/** The four sizes of a convolution's weight. */
const weightShape = (shape: Shape): ImageShape =>
  imageShape('conv2d', 'the weight', shape, '[out, in / groups, kernel height, kernel width]')

/**
 * Visits every multiplication of a convolution: flat indices into input, weight and output. The three ops below are the
 * same triple loop, each solved for another of the three tensors.
 */
function forEachProduct(
  x: Shape,
  w: Shape,
  y: Shape,
  attributes: ConvAttributes,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [batch, inChannels, inHeight, inWidth] = imageShape('conv2d', 'the input', x)
  const [, outChannels, outHeight, outWidth] = imageShape('conv2d', 'the output', y)
  const perGroup = axisSize(w, 1)
  const taps = attributes.kernel[0] * attributes.kernel[1]
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < perGroup; i++) {
        const channel = Math.floor((o * attributes.groups) / outChannels) * perGroup + i
        const startX = (n * inChannels + channel) * inHeight * inWidth
        const startY = (n * outChannels + o) * outHeight * outWidth
        const startW = (o * perGroup + i) * taps
        forEachTap(attributes, [inHeight, inWidth], [outHeight, outWidth], (output, input, tap) =>
          visit(startX + input, startW + tap, startY + output),
        )
      }
}

function accumulate(
  shape: Shape,
  start: (flat: number) => number,
  walk: (add: (target: number, value: number) => void) => void,
): NdArray {
  const out = ndarray(shape)
  out.data.forEach((_, flat) => {
    out.data[flat] = start(flat)
  })
  walk((target, value) => {
    out.data[target] = (out.data[target] ?? 0) + value
  })
  return out
}

export const conv2dOperation: Operation<ConvAttributes> = defineOperation({
  name: 'conv2d',
  infer: (inputs, attributes) => {
    const [x, w, bias] = inputs
    const [n, c, height, width] = imageShape('conv2d', 'the input', x?.shape ?? [])
    const [out, perGroup] = weightShape(w?.shape ?? [])
    const { groups } = attributes
    if (c % groups !== 0 || out % groups !== 0 || perGroup !== c / groups)
      throw new ShapeError(
        `conv2d: an input of ${c} channels does not fit a weight of shape ${formatShape(w?.shape ?? [])} in ${groups} ` +
          `group${groups === 1 ? '' : 's'}; the weight must be [out, ${c}/groups, height, width], and groups must divide both`,
      )
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== out))
      throw new ShapeError(`conv2d: the bias has shape ${formatShape(bias.shape)} but must be [${out}]`)
    return {
      dtype: commonDtype('conv2d', inputs, 'float32'),
      shape: [n, out, ...slide('conv2d', [height, width], attributes)],
    }
  },
  reference: ([x, w, bias], attributes, { shape }) => {
    if (x === undefined || w === undefined) return ndarray(shape)
    const plane = axisSize(shape, 2) * axisSize(shape, 3)
    const channel = (flat: number) => Math.floor(flat / plane) % axisSize(shape, 1)
    return accumulate(
      shape,
      (flat) => (bias === undefined ? 0 : at(bias, channel(flat))),
      (add) => forEachProduct(x.shape, w.shape, shape, attributes, (i, j, k) => add(k, at(x, i) * at(w, j))),
    )
  },
  vjp: ({ inputs: [x, w, bias], cotangent, attributes }) =>
    x === undefined || w === undefined
      ? []
      : [
          conv2dInputGradOperation.apply([cotangent, w], { ...attributes, input: x.shape }),
          conv2dWeightGradOperation.apply([x, cotangent], { ...attributes, weight: w.shape }),
          bias === undefined ? undefined : reduceSum(cotangent, { axes: [0, 2, 3] }),
        ],
  macs: ([, w], { shape }) => sizeOf(shape) * sizeOf((w?.shape ?? []).slice(1)),
})

/** `(cotangent, weight) -> input's cotangent`, also known as a transposed convolution. */
export const conv2dInputGradOperation: Operation<ConvAttributes & { readonly input: Shape }> = defineOperation({
  name: 'conv2dInputGrad',
  infer: (inputs, { input }) => ({ dtype: commonDtype('conv2dInputGrad', inputs), shape: input }),
  reference: ([g, w], attributes, { shape }) =>
    accumulate(
      shape,
      () => 0,
      (add) => {
        if (g === undefined || w === undefined) return
        forEachProduct(shape, w.shape, g.shape, attributes, (i, j, k) => add(i, at(w, j) * at(g, k)))
      },
    ),
  vjp: ({ inputs: [g, w], cotangent, attributes }) =>
    g === undefined || w === undefined
      ? []
      : [
          conv2dOperation.apply([cotangent, w], attributes),
          conv2dWeightGradOperation.apply([cotangent, g], { ...attributes, weight: w.shape }),
        ],
  macs: ([g, w]) => sizeOf(g?.shape ?? []) * sizeOf((w?.shape ?? []).slice(1)),
})

/** `(input, cotangent) -> weight's cotangent`. */
export const conv2dWeightGradOperation: Operation<ConvAttributes & { readonly weight: Shape }> = defineOperation({
  name: 'conv2dWeightGrad',
  infer: (inputs, { weight }) => ({ dtype: commonDtype('conv2dWeightGrad', inputs), shape: weight }),
  reference: ([x, g], attributes, { shape }) =>
    accumulate(
      shape,
      () => 0,
      (add) => {
        if (x === undefined || g === undefined) return
        forEachProduct(x.shape, shape, g.shape, attributes, (i, j, k) => add(j, at(x, i) * at(g, k)))
      },
    ),
  vjp: ({ inputs: [x, g], cotangent, attributes }) =>
    x === undefined || g === undefined
      ? []
      : [
          conv2dInputGradOperation.apply([g, cotangent], { ...attributes, input: x.shape }),
          conv2dOperation.apply([x, cotangent], attributes),
        ],
  macs: ([, g], { shape }) => sizeOf(g?.shape ?? []) * sizeOf(shape.slice(1)),
})

/** Defaults: stride 1, padding 0, dilation 1, one group, no bias. */
export interface ConvOptions {
  readonly bias?: Tensor
  readonly stride?: Pair
  readonly padding?: Padding
  readonly dilation?: Pair
  readonly groups?: number
}

/**
 * Two-dimensional cross-correlation, what deep learning calls convolution.
 *
 * @param x `[batch, in, height, width]`
 * @param weight `[out, in / groups, kernel height, kernel width]`
 * @returns `[batch, out, height', width']` with size' = floor((size + pads - dilation·(kernel - 1) - 1) / stride) + 1
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const [, , height, width] = weightShape(weight.shape)
  return conv2dOperation.apply(options.bias === undefined ? [x, weight] : [x, weight, options.bias], {
    kernel: [height, width],
    strides: pair(options.stride ?? 1),
    pads: padding(options.padding ?? 0),
    dilations: pair(options.dilation ?? 1),
    groups: options.groups ?? 1,
  })
}
