import { formatShape, ShapeError } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './arithmetic.ts'
import { conv2dInputGradOperation, imageShape } from './convolution.ts'
import { commonDtype } from './operands.ts'
import { reshape } from './shaping.ts'
import { type Padding, type Pair, padding, pair } from './window.ts'

/** Defaults: stride 1, padding 0, output padding 0, dilation 1, one group, no bias. */
export interface ConvTransposeOptions {
  readonly bias?: Tensor
  readonly stride?: Pair
  /** Taken off each side of the output: the padding of the convolution that this one transposes. */
  readonly padding?: Padding
  /** Rows and columns added at the far edge, fewer than the stride: sizes that the stride leaves open. */
  readonly outputPadding?: Pair
  readonly dilation?: Pair
  readonly groups?: number
}

const WEIGHT = '[in, out / groups, kernel height, kernel width]'

/**
 * Transposed convolution, the gradient of {@link conv2d} with respect to its input, as PyTorch's `conv_transpose2d`.
 *
 * @param x `[batch, in, height, width]`
 * @param weight `[in, out / groups, kernel height, kernel width]`
 * @returns `[batch, out, height', width']` with size' = (size - 1)·stride - pads + dilation·(kernel - 1) + outputPadding + 1
 * @throws ShapeError when channels, groups, bias or output padding do not fit, or nothing is left between the pads
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const op = 'convTranspose2d'
  const { bias, groups = 1 } = options
  const [batch, channels, height, width] = imageShape(op, 'the input', x.shape)
  const [inputs, perGroup, ...kernel] = imageShape(op, 'the weight', weight.shape, WEIGHT)
  commonDtype(op, [x, weight, ...(bias ? [bias] : [])], 'float32')
  if (channels !== inputs || !Number.isInteger(groups) || groups < 1 || inputs % groups !== 0)
    throw new ShapeError(
      `${op}: an input of ${channels} channels does not fit a weight of shape ${formatShape(weight.shape)} in ${groups} ` +
        `group${groups === 1 ? '' : 's'}; the weight must be [${channels}, out / groups, height, width], and groups must divide ${channels}`,
    )
  const out = perGroup * groups
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== out))
    throw new ShapeError(`${op}: the bias has shape ${formatShape(bias.shape)} but must be [${out}]`)
  const strides = pair(options.stride ?? 1)
  const pads = padding(options.padding ?? 0)
  const dilations = pair(options.dilation ?? 1)
  const extra = pair(options.outputPadding ?? 0)
  for (const [name, values, least] of [
    ['stride', strides, 1],
    ['dilation', dilations, 1],
    ['padding', pads, 0],
    ['outputPadding', extra, 0],
  ] as const)
    if (values.some((value) => !Number.isInteger(value) || value < least))
      throw new ShapeError(`${op}: ${name} is [${values.join(', ')}]; give whole numbers of at least ${least}`)
  if (extra[0] >= strides[0] || extra[1] >= strides[1])
    throw new ShapeError(
      `${op}: outputPadding [${extra.join(', ')}] must be less than the stride [${strides.join(', ')}]`,
    )
  const along = (axis: 0 | 1, size: number): number =>
    (size - 1) * strides[axis] -
    pads[axis] -
    pads[axis === 0 ? 2 : 3] +
    dilations[axis] * (kernel[axis] - 1) +
    extra[axis] +
    1
  const sizes = [along(0, height), along(1, width)] as const
  if (sizes.some((size) => size < 1))
    throw new ShapeError(
      `${op}: padding [${pads.join(', ')}] leaves ${sizes.join('×')} of a ${height}×${width} map; use less padding or a larger kernel`,
    )
  const attributes = { kernel, strides, pads, dilations, groups, input: [batch, out, ...sizes] }
  const y = conv2dInputGradOperation.apply([x, weight], attributes)
  return bias === undefined ? y : add(y, reshape(bias, [out, 1, 1]))
}
