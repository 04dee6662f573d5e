import * as z from 'zod'
import type { Tensor } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'

const elementwise = (kind: string, apply: (x: Tensor) => Tensor): (() => Layer) => {
  const value = layer(kind, { apply: (_, x) => apply(x) })
  return () => value
}

/** `max(x, 0)` */
export const relu = elementwise('ReLU', ops.relu)
/** `1 / (1 + exp(-x))` */
export const sigmoid = elementwise('Sigmoid', ops.sigmoid)
export const tanh = elementwise('Tanh', ops.tanh)

const leakySchema = z.strictObject({ negativeSlope: z.number() })

/** `x` where positive, else `negativeSlope * x` (default 0.01). */
export function leakyRelu(options: { readonly negativeSlope?: number } = {}): Layer {
  const config = parseConfig('leakyRelu', leakySchema, { negativeSlope: 0.01, ...options })
  return layer('LeakyReLU', {
    config,
    apply: (_, x) => ops.leakyRelu(x, config.negativeSlope),
    with: (changes) => leakyRelu({ ...options, ...changes }),
  })
}

const geluSchema = z.strictObject({ approximate: z.enum(['none', 'tanh']) })

/**
 * Gaussian error linear unit, `x · Φ(x)` (Hendrycks and Gimpel, 2016).
 *
 * @param options.approximate `'none'` (default): by erf; `'tanh'`: the paper's approximation
 */
export function gelu(options: { readonly approximate?: 'none' | 'tanh' } = {}): Layer {
  const { approximate } = parseConfig('gelu', geluSchema, { approximate: 'none', ...options })
  return layer('GELU', {
    config: approximate === 'none' ? {} : { approximate },
    apply: (_, x) => ops.gelu(x, { approximate }),
    with: (changes) => gelu({ ...options, ...changes }),
  })
}
