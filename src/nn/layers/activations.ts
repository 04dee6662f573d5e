import * as z from 'zod'
import * as ops from '../../tensor/index.ts'
import { formatShape, mul, ShapeError, type Tensor } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { filled } from '../initializers/index.ts'
import { type Layer, layer } from '../layer.ts'

const elementwise = (kind: string, apply: (x: Tensor) => Tensor): (() => Layer) => {
  const value = layer(kind, { apply: (_, x) => apply(x) })
  return () => value
}

/** `max(x, 0)` */
export const relu = elementwise('ReLU', ops.relu)
/** `min(max(x, 0), 6)` */
export const relu6 = elementwise('ReLU6', (x) => ops.clip(x, { min: 0, max: 6 }))
/** `1 / (1 + exp(-x))` */
export const sigmoid = elementwise('Sigmoid', ops.sigmoid)
export const tanh = elementwise('Tanh', ops.tanh)
/** `log(1 + exp(x))`, a smooth ReLU. */
export const softplus = elementwise('Softplus', ops.softplus)
/** `x · sigmoid(x)`, also known as swish (Elfwing, Uchibe and Doya, 2018). */
export const silu = elementwise('SiLU', ops.silu)
/** `x · tanh(softplus(x))` (Misra, 2020). */
export const mish = elementwise('Mish', (x) => mul(x, ops.tanh(ops.softplus(x))))

/** Klambauer et al., 2017: with these two, activations of mean 0 and variance 1 stay so. */
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }
/** `1.0507 · elu(x, 1.6733)`, which normalises by itself with {@link lecunNormal} weights (Klambauer et al., 2017). */
export const selu = elementwise('SELU', (x) => mul(ops.elu(x, SELU.alpha), SELU.scale))

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

const eluSchema = z.strictObject({ alpha: z.number() })

/** `x` where positive, else `alpha · (exp(x) - 1)` (default 1; Clevert, Unterthiner and Hochreiter, 2016). */
export function elu(options: { readonly alpha?: number } = {}): Layer {
  const config = parseConfig('elu', eluSchema, { alpha: 1, ...options })
  return layer('ELU', {
    config,
    apply: (_, x) => ops.elu(x, config.alpha),
    with: (changes) => elu({ ...options, ...changes }),
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

const preluSchema = z.strictObject({ start: z.number() })

/**
 * `x` where positive, else `weight · x` with a slope that is learnt, PyTorch's `nn.PReLU` with one for all (He et al., 2015).
 *
 * Weights: `weight [1]`.
 *
 * @param options.start the slope at first; default 0.25
 */
export function prelu(options: { readonly start?: number } = {}): Layer {
  const { start } = parseConfig('prelu', preluSchema, { start: 0.25, ...options })
  return layer('PReLU', {
    config: { ...options },
    init: () => ({ weight: filled([1], start) }),
    apply: ({ weight }, x) => {
      if (weight === undefined) throw new ShapeError('prelu has no weight')
      return ops.sub(ops.relu(x), mul(ops.relu(ops.neg(x)), weight))
    },
    with: (changes) => prelu({ ...options, ...changes }),
  })
}

const axisSchema = z.strictObject({ axis: z.number().int().optional() })

function overAxis(name: string, kind: string, op: (x: Tensor, axis: number) => Tensor) {
  return function make(options: { readonly axis?: number | undefined } = {}): Layer {
    const config = parseConfig(name, axisSchema, { ...options })
    return layer(kind, {
      config,
      apply: (_, x) => {
        if (x.shape.length < 2) throw new ShapeError(`${name} needs [batch, …] and ${formatShape(x.shape)} came in`)
        return op(x, config.axis ?? 1)
      },
      with: (changes) => make(parseConfig(name, axisSchema, { ...config, ...changes })),
    })
  }
}

/**
 * Positive numbers that sum to 1 along an axis (default 1, the classes or channels). Not for the end of a model that is trained by
 * `crossEntropy()`, which has one inside.
 */
export const softmax = overAxis('softmax', 'Softmax', ops.softmax)

/** The logarithm of {@link softmax}, without its rounding. */
export const logSoftmax = overAxis('logSoftmax', 'LogSoftmax', ops.logSoftmax)
