import { applyModel, type Layer, stateDict, symbolic, type Variables } from '../nn/index.ts'
import { type Key, keyData, keyType } from '../random/index.ts'
import { graphOf, hostData, interpret } from '../runtime/index.ts'
import { leavesOf, type NdArray, placeholder, type Shape, Tensor } from '../tensor/index.ts'

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor

/**
 * What a model computes for one batch, in float64: its output, and the new running statistics by name.
 *
 * @param options.key default: none, as in evaluation; with one, the model is in training
 */
export function applied(
  model: Layer,
  variables: Variables,
  x: { readonly shape: Shape; readonly data: ArrayLike<number> },
  options: { readonly key?: Key; readonly training?: boolean } = {},
): { readonly output: NdArray; readonly statistics: ReadonlyMap<string, NdArray> } {
  const { key, training = key !== undefined } = options
  const [parameters, buffers] = [symbolic(variables.parameters), symbolic(variables.buffers)]
  const input = placeholder('x', { dtype: 'float32', shape: x.shape })
  const keyInput = placeholder('key', keyType)
  const { output, bufferUpdates } = applyModel(model, parameters, input, {
    training,
    buffers,
    ...(key && { key: keyInput }),
  })
  const weights = [...leavesOf(parameters, isTensor), ...leavesOf(buffers, isTensor)].map(({ leaf }) => leaf)
  const graph = graphOf([...weights, input, keyInput], [output, ...bufferUpdates.values()])
  const data = [
    ...Object.values(stateDict(variables)).map((weight) => weight.data),
    Float32Array.from(x.data),
    key ? keyData(key) : new Uint32Array(2),
  ]
  const inDoubles = (tensors: readonly Tensor[], numbers: readonly ArrayLike<number>[]) =>
    tensors.map(({ shape }, i) => ({ shape, data: Float64Array.from(numbers[i] ?? []) }))
  const [result, ...updates] = interpret(
    graph,
    inDoubles(graph.inputs, data),
    inDoubles(graph.hostValues, hostData(graph, data)),
  )
  if (result === undefined) throw new Error('the model computed nothing')
  return {
    output: result,
    statistics: new Map([...bufferUpdates.keys()].map((name, i) => [name, updates[i] ?? result])),
  }
}
