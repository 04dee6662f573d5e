import * as z from 'zod'
import type { Pair } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import { optionsOf, pairOf, parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({
  kernel: pairOf(1),
  stride: pairOf(1).optional(),
  padding: pairOf(0),
})
const schemas = {
  MaxPool2d: schema,
  AvgPool2d: schema.extend({ countIncludePad: z.boolean().optional() }),
}
const names = { MaxPool2d: 'maxPool2d', AvgPool2d: 'avgPool2d' } as const

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
  const given = optionsOf(names[kind], options, `as in ${names[kind]}(3, { stride: 2, padding: 1 })`)
  const config = parseConfig(names[kind], schemas[kind], { padding: 0, ...given, kernel })
  const { stride = config.kernel, padding } = config
  const { countIncludePad = true } = options
  return layer(kind, {
    config: { kernel: config.kernel, ...options },
    apply: (_, x) =>
      kind === 'MaxPool2d'
        ? ops.maxPool2d(x, config.kernel, { stride, padding })
        : ops.avgPool2d(x, config.kernel, { stride, padding, countIncludePad }),
    with: ({ kernel: window = kernel, ...changes }) => {
      const changed = { ...options, ...changes }
      return pool(
        kind,
        parseConfig(names[kind], schemas[kind], { padding: 0, ...changed, kernel: window }).kernel,
        changed,
      )
    },
  })
}

/** Largest value of each window, PyTorch's `nn.MaxPool2d`. */
export const maxPool2d = (kernel: Pair, options: Pool2dOptions = {}): Layer => pool('MaxPool2d', kernel, options)

/** Mean of each window, PyTorch's `nn.AvgPool2d`; `countIncludePad` (default true) counts padded zeros. */
export const avgPool2d = (kernel: Pair, options: Pool2dOptions & { readonly countIncludePad?: boolean } = {}): Layer =>
  pool('AvgPool2d', kernel, options)

/** Mean of each channel's whole map: `[batch, channels, height, width]` to `[batch, channels, 1, 1]`. */
export const globalAvgPool2d = (): Layer => layer('GlobalAvgPool2d', { apply: (_, x) => ops.globalAvgPool2d(x) })

/** Largest value of each channel's whole map: `[batch, channels, height, width]` to `[batch, channels, 1, 1]`. */
export const globalMaxPool2d = (): Layer => layer('GlobalMaxPool2d', { apply: (_, x) => ops.globalMaxPool2d(x) })
