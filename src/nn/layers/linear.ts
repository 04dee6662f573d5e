import * as z from 'zod'
import { add, formatShape, gemm, matmul, ShapeError, transpose } from '../../tensor/index.ts'
import { optionsOf, parseConfig, wholeNumber } from '../config.ts'
import { describeInit, type InitOptions, initSchema, weightAndBias } from '../initializers/option.ts'
import { type Config, type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ outFeatures: wholeNumber(1), bias: z.boolean(), ...initSchema })

/** Defaults: with bias, drawn as in PyTorch. */
export interface LinearOptions extends InitOptions {
  readonly bias?: boolean
}

/**
 * `y = x Wᵀ + b` over the last axis, PyTorch's `nn.Linear`.
 *
 * Weights: `weight [outFeatures, inFeatures]`, `bias [outFeatures]`, both uniform in ±1/√inFeatures unless told otherwise.
 *
 * @param outFeatures size of the last axis that comes out; the one that comes in is worked out
 * @example
 * sequential(flatten(), linear(128), relu(), linear(10))
 */
export function linear(outFeatures: number, options: LinearOptions = {}): Layer {
  const given = optionsOf(
    'linear',
    options,
    'give the size that comes out alone, as in linear(128); the one that comes in is worked out',
  )
  const config = parseConfig('linear', schema, { bias: true, ...given, outFeatures })
  const changed = (changes: Config): Layer => {
    const { outFeatures: out, ...rest } = parseConfig('linear', schema, { ...config, ...changes })
    return linear(out, rest)
  }
  return layer('Linear', {
    config: { ...config, ...describeInit(config) },
    init: (key, input) => {
      const inFeatures = input.at(-1)
      if (inFeatures === undefined || input.length < 2)
        throw new ShapeError(`linear needs [batch, …, features] and ${formatShape(input)} came in`)
      return weightAndBias(key, [config.outFeatures, inFeatures], config.bias ? config.outFeatures : 0, config)
    },
    apply: ({ weight, bias }, x) => {
      if (weight === undefined) throw new ShapeError('linear has no weight')
      const inFeatures = weight.shape[1]
      if (x.shape.at(-1) !== inFeatures)
        throw new ShapeError(
          `linear was made for ${inFeatures} features and ${x.shape.at(-1)} came in: initialize it for this shape, or prepare the ` +
            'input as when it was made',
        )
      if (x.shape.length === 2) return gemm(x, weight, { transB: true, ...(bias && { bias }) })
      const product = matmul(x, transpose(weight))
      return bias === undefined ? product : add(product, bias)
    },
    with: changed,
    withInit: (inits) => changed({ ...inits }),
  })
}
