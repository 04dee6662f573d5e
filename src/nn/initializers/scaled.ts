/**
 * Initialisers whose spread follows from how many numbers a unit sums over, so that signals keep their size from layer to
 * layer. The formulas are those of PyTorch's `torch.nn.init`.
 *
 * @module
 */
import * as z from 'zod'
import { type Key, normal, uniform } from '../../random/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Fans, fansOf, type Initializer } from './initializer.ts'

const nonlinearities = ['linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'selu'] as const

/** What follows the layer, for the gain. */
export type Nonlinearity = (typeof nonlinearities)[number]

/**
 * What a weight's standard deviation is multiplied by to make up for what follows: PyTorch's `calculate_gain`.
 *
 * @param negativeSlope of `leakyRelu`; default 0.01
 * @example
 * gainOf('relu') // 1.4142135623730951
 */
export function gainOf(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.SQRT2
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + negativeSlope ** 2))
    case 'selu':
      return 3 / 4
    case 'linear':
    case 'sigmoid':
      return 1
  }
}

type Distribution = 'Uniform' | 'Normal'

const draw: Readonly<Record<Distribution, (key: Key, size: number, std: number) => Float32Array>> = {
  Normal: (key, size, std) => normal(key, size, { std }),
  // A uniform number in ±b has the standard deviation b / √3.
  Uniform: (key, size, std) => uniform(key, size, { low: -Math.sqrt(3) * std, high: Math.sqrt(3) * std }),
}

const scaled = (
  family: string,
  distribution: Distribution,
  config: Initializer['config'],
  std: (fans: Fans) => number,
): Initializer => {
  const kind = `${family}${distribution}`
  return { kind, config, make: (key, shape) => draw[distribution](key, sizeOf(shape), std(fansOf(kind, shape))) }
}

const kaimingSchema = z
  .strictObject({
    mode: z.enum(['fanIn', 'fanOut']),
    nonlinearity: z.enum(nonlinearities),
    negativeSlope: z.number().optional(),
  })
  .refine(
    ({ nonlinearity, negativeSlope }) => negativeSlope === undefined || nonlinearity === 'leakyRelu',
    'negativeSlope is for nonlinearity "leakyRelu"',
  )

/** Defaults: by the fan in, for ReLU. `negativeSlope` (default 0.01) is for `leakyRelu`. */
export interface KaimingOptions {
  /** `'fanIn'` keeps the size of activations, `'fanOut'` that of gradients. */
  readonly mode?: 'fanIn' | 'fanOut'
  readonly nonlinearity?: Nonlinearity
  readonly negativeSlope?: number
}

function kaiming(distribution: Distribution, options: KaimingOptions): Initializer {
  const given = { mode: 'fanIn', nonlinearity: 'relu', ...options }
  const config = parseConfig(`kaiming${distribution}`, kaimingSchema, given)
  const gain = gainOf(config.nonlinearity, config.negativeSlope)
  return scaled('kaiming', distribution, config, (fans) => gain / Math.sqrt(fans[config.mode]))
}

/**
 * Uniform in ±gain·√(3 / fan): PyTorch's `kaiming_uniform_`, but for the default nonlinearity, which is `relu` here
 * (He, Zhang, Ren and Sun, 2015).
 */
export const kaimingUniform = (options: KaimingOptions = {}): Initializer => kaiming('Uniform', options)

/**
 * Normal with standard deviation gain / √fan: PyTorch's `kaiming_normal_`, but for the default nonlinearity, which is `relu`
 * here (He, Zhang, Ren and Sun, 2015).
 *
 * @example
 * conv2d(64, 3, { init: kaimingNormal({ mode: 'fanOut' }) }) // as torchvision's ResNets
 */
export const kaimingNormal = (options: KaimingOptions = {}): Initializer => kaiming('Normal', options)

const gainSchema = z.strictObject({ gain: z.number().positive() })

/** Default: gain 1; {@link gainOf} gives others. */
export interface GainOptions {
  readonly gain?: number
}

function xavier(distribution: Distribution, options: GainOptions): Initializer {
  const config = parseConfig(`xavier${distribution}`, gainSchema, { gain: 1, ...options })
  return scaled('xavier', distribution, config, ({ fanIn, fanOut }) => config.gain * Math.sqrt(2 / (fanIn + fanOut)))
}

/** Uniform in ±gain·√(6 / (fanIn + fanOut)): PyTorch's `xavier_uniform_` (Glorot and Bengio, 2010); for tanh and sigmoid. */
export const xavierUniform = (options: GainOptions = {}): Initializer => xavier('Uniform', options)

/** Normal with standard deviation gain·√(2 / (fanIn + fanOut)): PyTorch's `xavier_normal_` (Glorot and Bengio, 2010). */
export const xavierNormal = (options: GainOptions = {}): Initializer => xavier('Normal', options)

const perInput = ({ fanIn }: Fans): number => Math.sqrt(1 / fanIn)

/** Uniform in ±√(3 / fanIn): variance 1 / fanIn (LeCun, Bottou, Orr and Müller, 1998); for SELU. */
export const lecunUniform = (): Initializer => scaled('lecun', 'Uniform', {}, perInput)

/** Normal with variance 1 / fanIn (LeCun, Bottou, Orr and Müller, 1998); for SELU. Not cut off, as Keras does at two deviations. */
export const lecunNormal = (): Initializer => scaled('lecun', 'Normal', {}, perInput)
