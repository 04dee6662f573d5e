import { allocate, type NdArray, type Tensor, type TypedArray } from '../../tensor/index.ts'
import type { Graph } from '../graph.ts'
import type { Executable, Runtime } from '../runtime.ts'

/** Values of `graph.outputs` in float64, by the op table's own reference semantics. Slow and readable: the oracle. */
export function interpret(graph: Graph, inputs: readonly NdArray[], hostValues: readonly NdArray[] = []): NdArray[] {
  const values = new Map<Tensor, NdArray>()
  ;[...graph.inputs, ...graph.hostValues].forEach((tensor, i) => {
    const value = i < graph.inputs.length ? inputs[i] : hostValues[i - graph.inputs.length]
    if (value !== undefined) values.set(tensor, value)
  })
  const known = (tensor: Tensor): NdArray => {
    const value = values.get(tensor)
    if (value === undefined) throw new Error(`${tensor.operation.name} was not computed before it was needed`)
    return value
  }
  for (const tensor of graph.nodes) values.set(tensor, tensor.operation.evaluate(tensor, tensor.inputs.map(known)))
  return graph.outputs.map(known)
}

const toNdArray = (tensor: Tensor, data: TypedArray): NdArray => ({
  shape: tensor.shape,
  data: Float64Array.from(data),
})

/** The float64 interpreter behind the interface of a runtime; results are rounded to the outputs' dtypes. */
export const referenceRuntime: Runtime = {
  name: 'reference',
  async prepare(graph): Promise<Executable> {
    return {
      async run(inputs, hostValues, outputs) {
        const at = (tensors: readonly Tensor[], data: readonly TypedArray[]) =>
          tensors.map((tensor, i) => toNdArray(tensor, data[i] ?? allocate(tensor.dtype, 0)))
        const results = interpret(graph, at(graph.inputs, inputs), at(graph.hostValues, hostValues))
        return results.map((result, i) => {
          const out = outputs?.[i] ?? allocate(graph.outputs[i]?.dtype ?? 'float32', result.data.length)
          out.set(result.data)
          return out
        })
      },
      dispose: async () => {},
    }
  },
}
