import * as z from 'zod'
import * as ops from '../../tensor/index.ts'
import { formatShape, reduceMean, ShapeError } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schemas = {
  maxPool1d: z.strictObject({
    kernel: wholeNumber(1),
    stride: wholeNumber(1).optional(),
    padding: wholeNumber(0).optional(),
  }),
  avgPool1d: z.strictObject({
    kernel: wholeNumber(1),
    stride: wholeNumber(1).optional(),
    padding: wholeNumber(0).optional(),
    countIncludePad: z.boolean().optional(),
  }),
}

/** Defaults: stride equal to the window, no padding. */
export interface Pool1dLayerOptions {
  readonly stride?: number | undefined
  readonly padding?: number | undefined
}

/** Largest value of each window of `[batch, channels, length]`, PyTorch's `nn.MaxPool1d`. */
export function maxPool1d(kernel: number, options: Pool1dLayerOptions = {}): Layer {
  const config = parseConfig('maxPool1d', schemas.maxPool1d, { ...options, kernel })
  const { stride = kernel, padding = 0 } = config
  return layer('MaxPool1d', {
    config,
    apply: (_, x) => ops.maxPool1d(x, kernel, { stride, padding }),
    with: (changes) => {
      const { kernel: size, ...rest } = parseConfig('maxPool1d', schemas.maxPool1d, { ...config, ...changes })
      return maxPool1d(size, rest)
    },
  })
}

/** Mean of each window of `[batch, channels, length]`, PyTorch's `nn.AvgPool1d`; `countIncludePad` (default true) counts padded zeros. */
export function avgPool1d(
  kernel: number,
  options: Pool1dLayerOptions & { readonly countIncludePad?: boolean | undefined } = {},
): Layer {
  const config = parseConfig('avgPool1d', schemas.avgPool1d, { ...options, kernel })
  const { stride = kernel, padding = 0, countIncludePad = true } = config
  return layer('AvgPool1d', {
    config,
    apply: (_, x) => ops.avgPool1d(x, kernel, { stride, padding, countIncludePad }),
    with: (changes) => {
      const { kernel: size, ...rest } = parseConfig('avgPool1d', schemas.avgPool1d, { ...config, ...changes })
      return avgPool1d(size, rest)
    },
  })
}

/** Mean of each channel over the whole sequence: `[batch, channels, length]` to `[batch, channels, 1]`. */
export const globalAvgPool1d = (): Layer =>
  layer('GlobalAvgPool1d', {
    apply: (_, x) => {
      if (x.shape.length !== 3)
        throw new ShapeError(`globalAvgPool1d needs [batch, channels, length] and ${formatShape(x.shape)} came in`)
      return reduceMean(x, { axes: [2], keepDims: true })
    },
  })
