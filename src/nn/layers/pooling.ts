import { z } from 'zod'
import type { Pair } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import { pairOf, parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({
  kernel: pairOf(1),
  stride: pairOf(1).optional(),
  padding: pairOf(0),
  countIncludePad: z.boolean().optional(),
})

/** Defaults: stride equal to the window, no padding. */
export interface Pool2dOptions {
  readonly stride?: Pair
  readonly padding?: Pair
}

function pool(
  kind: 'MaxPool2d' | 'AvgPool2d',
  kernel: Pair,
  options: Pool2dOptions & { readonly countIncludePad?: boolean },
): Layer {
  const config = parseConfig(kind, schema, { kernel, padding: 0, ...options })
  const { stride = config.kernel, padding, countIncludePad = true } = config
  return layer(kind, {
    config: { kernel: config.kernel, ...options },
    apply: (_, x) =>
      kind === 'MaxPool2d'
        ? ops.maxPool2d(x, config.kernel, { stride, padding })
        : ops.avgPool2d(x, config.kernel, { stride, padding, countIncludePad }),
    with: ({ kernel: window = kernel, ...changes }) =>
      pool(kind, parseConfig(kind, pairOf(1), window), { ...options, ...changes }),
  })
}

/** Largest value of each window, PyTorch's `nn.MaxPool2d`. */
export const maxPool2d = (kernel: Pair, options: Pool2dOptions = {}): Layer => pool('MaxPool2d', kernel, options)

/** Mean of each window, PyTorch's `nn.AvgPool2d`; `countIncludePad` (default true) counts padded zeros. */
export const avgPool2d = (kernel: Pair, options: Pool2dOptions & { readonly countIncludePad?: boolean } = {}): Layer =>
  pool('AvgPool2d', kernel, options)

/** Mean of each channel's whole map: `[batch, channels, height, width]` to `[batch, channels, 1, 1]`. */
export const globalAvgPool2d = (): Layer => layer('GlobalAvgPool2d', { apply: (_, x) => ops.globalAvgPool2d(x) })
