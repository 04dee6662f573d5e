import * as z from 'zod'
import { foldIn } from '../../random/index.ts'
import { add, formatShape, gemm, matmul, ShapeError, transpose } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { fanInUniform } from '../initializers.ts'
import { type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ outFeatures: wholeNumber(1), bias: z.boolean() })

/** Defaults: with bias. */
export interface LinearOptions {
  readonly bias?: boolean
}

/**
 * `y = x Wᵀ + b` over the last axis, PyTorch's `nn.Linear`.
 *
 * Weights: `weight [outFeatures, inFeatures]`, `bias [outFeatures]`, both uniform in ±1/√inFeatures.
 *
 * @param outFeatures size of the last axis that comes out; the one that comes in is worked out
 * @example
 * sequential(flatten(), linear(128), relu(), linear(10))
 */
export function linear(outFeatures: number, options: LinearOptions = {}): Layer {
  const config = parseConfig('linear', schema, { bias: true, ...options, outFeatures })
  return layer('Linear', {
    config,
    init: (key, input) => {
      const inFeatures = input.at(-1)
      if (inFeatures === undefined || input.length < 2)
        throw new ShapeError(`linear needs [batch, …, features] and ${formatShape(input)} came in`)
      const weight = fanInUniform(foldIn(key, 'weight'), [config.outFeatures, inFeatures], inFeatures)
      return config.bias
        ? { weight, bias: fanInUniform(foldIn(key, 'bias'), [config.outFeatures], inFeatures) }
        : { weight }
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
    with: (changes) => {
      const changed = parseConfig('linear', schema, { ...config, ...changes })
      return linear(changed.outFeatures, changed)
    },
  })
}
