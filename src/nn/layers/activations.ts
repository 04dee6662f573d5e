import { z } from 'zod'
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
  const cumulative = (x: Tensor): Tensor => {
    if (approximate === 'none') return ops.erf(ops.mul(x, Math.SQRT1_2))
    const cubic = ops.add(x, ops.mul(ops.mul(x, ops.mul(x, x)), 0.044715))
    return ops.tanh(ops.mul(cubic, Math.sqrt(2 / Math.PI)))
  }
  return layer('GELU', {
    config: approximate === 'none' ? {} : { approximate },
    apply: (_, x) => ops.mul(ops.mul(x, 0.5), ops.add(cumulative(x), 1)),
    with: (changes) => gelu({ ...options, ...changes }),
  })
}
