import { UsageError } from '../../errors.ts'
import { describeLayer, type Layer } from '../layer.ts'
import type { Initializer } from './initializer.ts'

/**
 * The model with all weights drawn by one initialiser: those of linear, convolutional and embedding layers, however deep, and
 * of one's own layers that have `withInit`. Normalisation starts as it does, and biases too unless `biasInit` is given.
 * An initialiser that a layer had before is replaced.
 *
 * @throws UsageError where a container cannot be made again with other children
 * @example
 * const model = withInit(sequential(flatten(), linear(128), tanh(), linear(10)), xavierUniform(), { biasInit: zerosInit() })
 */
export function withInit(
  model: Layer,
  init: Initializer,
  { biasInit }: { readonly biasInit?: Initializer } = {},
): Layer {
  const options = { init, ...(biasInit && { biasInit }) }
  if (model.children === undefined) return model.withInit?.(options) ?? model
  if (model.with === undefined)
    throw new UsageError(
      `withInit: ${describeLayer(model)} has no \`with\` and cannot be made again with other children: give it one, or give its layers an init each`,
    )
  const changed = Object.entries(model.children).map(([name, child]) => [name, withInit(child, init, options)] as const)
  return model.with(Object.fromEntries(changed))
}
