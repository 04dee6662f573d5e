/**
 * Convolutions and pools of sequences: those of images of height 1.
 *
 * @module
 */
import { formatShape, ShapeError } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { conv2d } from './convolution.ts'
import { avgPool2d, maxPool2d } from './pooling.ts'
import { reshape } from './shaping.ts'
import { convTranspose2d } from './transposed.ts'

/** Zeros at the ends of a sequence: as many on both, or `[left, right]`. */
export type Padding1d = number | readonly [number, number]

/** Defaults: stride 1, padding 0, dilation 1, one group, no bias. */
export interface Conv1dOptions {
  readonly bias?: Tensor
  readonly stride?: number
  readonly padding?: Padding1d
  readonly dilation?: number
  readonly groups?: number
}

/** Defaults: stride equal to the window, no padding, dilation 1 (average pools have none). */
export interface Pool1dOptions {
  readonly stride?: number
  readonly padding?: Padding1d
  readonly dilation?: number
}

/** `[a, b, length]` as `[a, b, 1, length]`. */
function asImage(op: string, what: string, x: Tensor, wanted: string): Tensor {
  const [a, b, length] = x.shape
  if (a === undefined || b === undefined || length === undefined || x.shape.length !== 3)
    throw new ShapeError(`${op}: ${what} has shape ${formatShape(x.shape)} but must be ${wanted}`)
  return reshape(x, [a, b, 1, length])
}

const sequence = (op: string, x: Tensor): Tensor => asImage(op, 'the input', x, '[batch, channels, length]')

function asSequence(image: Tensor): Tensor {
  const [a = 1, b = 1, , length = 1] = image.shape
  return reshape(image, [a, b, length])
}

const ends = (padding: Padding1d = 0): readonly [number, number, number, number] => {
  const [left, right] = typeof padding === 'number' ? [padding, padding] : padding
  return [0, left, 0, right]
}

const flat = ({ stride = 1, padding, dilation = 1, ...rest }: Conv1dOptions) => ({
  ...rest,
  stride: [1, stride] as const,
  padding: ends(padding),
  dilation: [1, dilation] as const,
})

/**
 * One-dimensional cross-correlation.
 *
 * @param x `[batch, in, length]`
 * @param weight `[out, in / groups, kernel]`
 * @returns `[batch, out, length']` with length' = floor((length + pads - dilation·(kernel - 1) - 1) / stride) + 1
 */
export function conv1d(x: Tensor, weight: Tensor, options: Conv1dOptions = {}): Tensor {
  const kernel = asImage('conv1d', 'the weight', weight, '[out, in / groups, kernel]')
  return asSequence(conv2d(sequence('conv1d', x), kernel, flat(options)))
}

/**
 * Transposed one-dimensional convolution, as PyTorch's `conv_transpose1d`.
 *
 * @param x `[batch, in, length]`
 * @param weight `[in, out / groups, kernel]`
 * @returns `[batch, out, length']` with length' = (length - 1)·stride - pads + dilation·(kernel - 1) + outputPadding + 1
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  { outputPadding = 0, ...options }: Conv1dOptions & { readonly outputPadding?: number } = {},
): Tensor {
  const kernel = asImage('convTranspose1d', 'the weight', weight, '[in, out / groups, kernel]')
  const image = sequence('convTranspose1d', x)
  return asSequence(convTranspose2d(image, kernel, { ...flat(options), outputPadding: [0, outputPadding] }))
}

/** Largest value of each window of `[batch, channels, length]`; padding never wins. */
export function maxPool1d(
  x: Tensor,
  kernel: number,
  { stride = kernel, padding, dilation = 1 }: Pool1dOptions = {},
): Tensor {
  const options = { stride: [1, stride], padding: ends(padding), dilation: [1, dilation] } as const
  return asSequence(maxPool2d(sequence('maxPool1d', x), [1, kernel], options))
}

/** Mean of each window of `[batch, channels, length]`; `countIncludePad` (default true) as in PyTorch. */
export function avgPool1d(
  x: Tensor,
  kernel: number,
  {
    stride = kernel,
    padding,
    countIncludePad = true,
  }: Omit<Pool1dOptions, 'dilation'> & { readonly countIncludePad?: boolean } = {},
): Tensor {
  const options = { stride: [1, stride], padding: ends(padding), countIncludePad } as const
  return asSequence(avgPool2d(sequence('avgPool1d', x), [1, kernel], options))
}
