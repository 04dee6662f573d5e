import * as z from 'zod'
import { foldIn } from '../../random/index.ts'
import { cast, embedding as lookUp, ShapeError } from '../../tensor/index.ts'
import { parseConfig, wholeNumber } from '../config.ts'
import { describeInit, type InitOptions, initSchema } from '../initializers/option.ts'
import { normalInit } from '../initializers/plain.ts'
import { type Config, type Layer, layer } from '../layer.ts'

const schema = z.strictObject({ entries: wholeNumber(1), features: wholeNumber(1), init: initSchema.init })

/**
 * A vector for each whole number, PyTorch's `nn.Embedding`: `[batch, …]` to `[batch, …, features]`. Inputs, which may be
 * float32 as data are, must be whole numbers from 0 to entries - 1.
 *
 * Weights: `weight [entries, features]`, normal with standard deviation 1 unless told otherwise.
 *
 * @example
 * sequential(embedding(1000, 32), flatten(), linear(2))
 */
export function embedding(entries: number, features: number, options: Pick<InitOptions, 'init'> = {}): Layer {
  const config = parseConfig('embedding', schema, { ...options, entries, features })
  const { init = normalInit() } = config
  const changed = (changes: Config): Layer => {
    const { entries: rows, features: columns, ...rest } = parseConfig('embedding', schema, { ...config, ...changes })
    return embedding(rows, columns, rest)
  }
  const shape = [config.entries, config.features]
  return layer('Embedding', {
    config: { ...config, ...describeInit(config) },
    init: (key) => ({ weight: { shape, data: init.make(foldIn(key, 'weight'), shape) } }),
    apply: ({ weight }, x) => {
      if (weight === undefined) throw new ShapeError('embedding has no weight')
      return lookUp(weight, cast(x, 'int32'))
    },
    with: changed,
    withInit: (inits) => changed({ init: inits.init }),
  })
}
