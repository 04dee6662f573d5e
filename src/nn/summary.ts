import { topologicalOrder } from '../autodiff/index.ts'
import { ResultKind } from '../display.ts'
import { key } from '../random/index.ts'
import { placeholder, type Shape, type Tensor } from '../tensor/index.ts'
import { applyModel } from './context.ts'
import { initialize, symbolic } from './initialize.ts'
import { describeLayer, type Layer } from './layer.ts'
import { receptiveFields } from './receptiveField.ts'
import { parameterCount, type Variables } from './variables.ts'

/** One layer in the table. */
export interface SummaryRow {
  /** Dotted name, the prefix of its weights. */
  readonly path: string
  readonly layer: string
  /** One sample's output. */
  readonly outputShape: Shape
  readonly parameters: number
  /** Multiply-accumulates for one sample. */
  readonly macs: number
  /**
   * Height and width of the input that one output number sees, where the input is an image, or a sequence (height 1) under
   * convolutions; the input's size at most.
   */
  readonly receptiveField: readonly [number, number] | undefined
}

export interface Summary {
  readonly rows: readonly SummaryRow[]
  readonly parameters: number
  readonly macs: number
}

export const summaryKind = new ResultKind<Summary>()

/**
 * What a model is made of, layer by layer: read off the graph that it computes, so a layer of one's own counts too.
 *
 * @param sample shape of one sample, without the batch axis
 * @example
 * summary(sequential(conv2d(16, 3), relu(), flatten(), linear(10)), [1, 28, 28]).parameters // 108330
 */
export function summary(model: Layer, sample: Shape): Summary {
  const variables = initialize(model, key(0), sample)
  const x = placeholder('x', { dtype: 'float32', shape: [1, ...sample] })
  const { output, calls } = applyModel(model, symbolic(variables.parameters), x, {
    buffers: symbolic(variables.buffers),
  })
  const made = calls.map((call) => call.output)
  const hasPlaces = sample.length === 3 || sample.length === 2
  const fields = hasPlaces ? receptiveFields(x, made) : undefined
  const [height = 1, width = 1] = sample.length === 2 ? [1, ...sample.slice(1)] : sample.slice(1)
  const seen = (tensor: Tensor): SummaryRow['receptiveField'] => {
    const axes = fields?.get(tensor)?.axes
    return axes && [Math.min(height, axes[0].size), Math.min(width, axes[1].size)]
  }
  const rows = calls
    .filter(({ layer }) => layer.children === undefined)
    .map(({ path, layer, input, output: own }) => ({
      path,
      layer: describeLayer(layer),
      outputShape: own.shape.slice(1),
      parameters: parametersUnder(variables, path),
      macs: macsBetween(input, own),
      receptiveField: seen(own),
    }))
  return summaryKind.mark({ rows, parameters: parameterCount(variables), macs: macsBetween(x, output) })
}

/** Multiply-accumulates of the ops that lead from `input` to `output`. */
function macsBetween(input: Tensor, output: Tensor): number {
  return topologicalOrder([output])
    .filter(({ id }) => id > input.id)
    .reduce((sum, tensor) => sum + tensor.operation.macs(tensor), 0)
}

/** Number of trained numbers under a dotted name. */
export function parametersUnder({ parameters }: Variables, path: string): number {
  if (path === '') return parameterCount({ parameters, buffers: {} })
  const at = path
    .split('.')
    .reduce<unknown>(
      (tree, name) => (typeof tree === 'object' && tree !== null ? Reflect.get(tree, name) : undefined),
      parameters,
    )
  if (typeof at !== 'object' || at === null) return 0
  return parameterCount({ parameters: Object.fromEntries(Object.entries(at)), buffers: {} })
}
