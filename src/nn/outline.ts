import { key } from '../random/index.ts'
import { placeholder, type Shape } from '../tensor/index.ts'
import { applyModel, type LayerCall } from './context.ts'
import { initialize, symbolic } from './initialize.ts'
import type { Layer } from './layer.ts'
import { parametersUnder } from './summary.ts'

/** One layer in a model's outline; shapes are those of one sample. */
export interface OutlineLayer {
  readonly type: 'layer'
  /** Dotted name, the prefix of its weights. */
  readonly path: string
  readonly layer: Pick<Layer, 'kind' | 'config'>
  readonly input: Shape
  readonly output: Shape
  readonly parameters: number
}

/** Two ways that are added up: what a residual block is. */
export interface OutlineBranch {
  readonly type: 'branch'
  readonly path: string
  readonly body: Outline
  /** Empty where the input itself is added. */
  readonly shortcut: Outline
  /** What the sum goes through. */
  readonly after: Outline
}

/** Layers and blocks in the order in which a sample goes through them. */
export type Outline = readonly (OutlineLayer | OutlineBranch)[]

/**
 * How a sample goes through a model: a chain of layers, with residual blocks as branches and other containers as the chain of
 * their layers. For drawings.
 *
 * @param sample shape of one sample, without the batch axis
 * @example
 * outline(sequential(flatten(), linear(10)), [1, 28, 28]).length // 2
 */
export function outline(model: Layer, sample: Shape): Outline {
  const variables = initialize(model, key(0), sample)
  const x = placeholder('x', { dtype: 'float32', shape: [1, ...sample] })
  const { calls } = applyModel(model, symbolic(variables.parameters), x, { buffers: symbolic(variables.buffers) })

  const described = ({ path, layer, input, output }: LayerCall): OutlineLayer => ({
    type: 'layer',
    path,
    layer,
    input: input.shape.slice(1),
    output: output.shape.slice(1),
    parameters: parametersUnder(variables, path),
  })
  const walk = (layer: Layer, path: string): Outline => {
    const { children } = layer
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const isInside = (call: LayerCall): boolean => path === '' || call.path === path || call.path.startsWith(`${path}.`)
    if (layer.kind === 'Sequential' && children !== undefined)
      return Object.entries(children).flatMap(([name, child]) => walk(child, at(name)))
    if (layer.kind === 'Residual' && children?.body !== undefined) {
      const { body, downsample, after } = children
      return [
        {
          type: 'branch',
          path,
          // The body of a residual block stands in the block's own place, unless it is a single layer.
          body: walk(body, body.children === undefined ? at('body') : path),
          shortcut: downsample === undefined ? [] : walk(downsample, at('downsample')),
          after: after === undefined ? [] : walk(after, at('after')),
        },
      ]
    }
    return calls.filter((call) => call.layer.children === undefined && isInside(call)).map(described)
  }
  return walk(model, '')
}
