import * as z from 'zod'
import { foldIn, randomNormal } from '../../random/index.ts'
import {
  add,
  exp,
  formatShape,
  mul,
  reduceMean,
  reduceSum,
  type Shape,
  ShapeError,
  sub,
  type Tensor,
} from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { naming, subtree } from '../context.ts'
import { describeInit, type InitOptions, initSchema } from '../initializers/option.ts'
import type { Config, Layer } from '../layer.ts'
import type { Variables } from '../variables.ts'
import { linear } from './linear.ts'

const schema = z.strictObject({ size: wholeNumber(1), beta: z.number().min(0).optional(), ...initSchema })

/** Default: beta 1. */
export interface GaussianLatentOptions extends InitOptions {
  /** Weight of the divergence in the loss; above 1 it makes a β-VAE (Higgins et al., 2017). */
  readonly beta?: number | undefined
}

/**
 * The middle of a variational autoencoder (Kingma and Welling, 2014): features `[batch, features]` become mean and logarithmic
 * variance of a normal distribution for each sample, and in training z = μ + σ·ε, with ε from the step's key, goes on to the
 * decoder, `[batch, size]`. Outside training μ itself goes on, so that evaluation is the same each time.
 *
 * It adds `beta` times {@link gaussianDivergence} to the loss. That is a sum over latent numbers, so that the loss beside it
 * should be a sum over a sample's outputs too: `bce({ reduction: 'sum' })`.
 *
 * Weights: `mean.weight [size, features]`, `mean.bias`, `logVariance.weight [size, features]`, `logVariance.bias`.
 *
 * @param size latent numbers
 * @example
 * sequential({ encoder: sequential(flatten(), linear(256), relu()), latent: gaussianLatent(8), decoder })
 */
export function gaussianLatent(size: number, options: GaussianLatentOptions = {}): Layer {
  const config = parseConfig('gaussianLatent', schema, { ...options, size })
  const { beta = 1, init, biasInit } = config
  const head = linear(config.size, { init, biasInit })
  const changed = (changes: Config): Layer => {
    const { size: count, ...rest } = parseConfig('gaussianLatent', schema, { ...config, ...changes })
    return gaussianLatent(count, rest)
  }
  return {
    kind: 'GaussianLatent',
    config: { ...config, ...describeInit(config) },
    init: (key, input) => {
      if (input.length !== 2)
        throw new ShapeError(
          `gaussianLatent needs [batch, features] and ${formatShape(input)} came in: put flatten() before it`,
        )
      const variables = (name: string): Variables =>
        naming(name, head, { shape: input }, () => head.init(foldIn(key, name), input))
      return {
        parameters: { mean: variables('mean').parameters, logVariance: variables('logVariance').parameters },
        buffers: {},
      }
    },
    apply: (parameters, x, context) => {
      const mean = head.apply(subtree(parameters, 'mean'), x, context)
      const logVariance = head.apply(subtree(parameters, 'logVariance'), x, context)
      context.addLoss(mul(gaussianDivergence(mean, logVariance), beta))
      if (!context.training) return mean
      const noise = randomNormal(context.randomKey(), mean.shape)
      return add(mean, mul(exp(mul(logVariance, 0.5)), noise))
    },
    with: changed,
    withInit: (inits) => changed({ ...inits }),
  }
}

/**
 * How far the normal distributions N(μ, σ²) are from the standard one, the mean over the batch:
 * KL = -½ Σⱼ (1 + log σⱼ² - μⱼ² - σⱼ²), summed over the latent numbers (Kingma and Welling, 2014, appendix B).
 *
 * @param mean `[batch, size]`
 * @param logVariance `[batch, size]`, log σ²
 * @returns a scalar, in nats
 */
export function gaussianDivergence(mean: Tensor, logVariance: Tensor): Tensor {
  if (mean.shape.length !== 2 || !sameShapes(mean.shape, logVariance.shape))
    throw new ShapeError(
      `gaussianDivergence: means ${formatShape(mean.shape)} and logarithmic variances ${formatShape(logVariance.shape)} must both be [batch, size]`,
    )
  const terms = sub(sub(add(logVariance, 1), mul(mean, mean)), exp(logVariance))
  return mul(reduceMean(reduceSum(terms, { axes: [1] })), -0.5)
}

const sameShapes = (a: Shape, b: Shape): boolean => a.join() === b.join()
