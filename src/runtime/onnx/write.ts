import { UsageError } from '../../errors.ts'
import type { Tensor } from '../../tensor/index.ts'
import { attributesKey, type Graph } from '../graph.ts'
import { GraphBuilder, valueInfo } from './builder.ts'
import type { LoweringContext, Target } from './lowering.ts'
import { lowerings } from './lowerings/index.ts'
import { encodeModel } from './proto.ts'

/** ONNX operator set and file version that every runtime of the last years reads. */
const OPSET = 18
const IR_VERSION = 9

/** Names of a graph's inputs, host values and outputs in the ONNX file, in the graph's order. */
export interface ValueNames {
  readonly inputs: readonly string[]
  readonly hostValues: readonly string[]
  readonly outputs: readonly string[]
}

export const defaultNames = (graph: Graph): ValueNames => ({
  inputs: graph.inputs.map((_, i) => `input_${i}`),
  hostValues: graph.hostValues.map((_, i) => `random_${i}`),
  outputs: graph.outputs.map((_, i) => `output_${i}`),
})

export interface WriteOptions {
  readonly target: Target
  readonly names?: ValueNames
  /** Leave the first axis of inputs and outputs open, so that the model takes any batch. Default false. */
  readonly anyBatch?: boolean
  /** Entries of the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Lowers a graph to the bytes of an ONNX model. */
export function writeOnnx(graph: Graph, options: WriteOptions): Uint8Array {
  const { target, names = defaultNames(graph), anyBatch = false, metadata = {} } = options
  const builder = new GraphBuilder()
  const values = new Map<Tensor, string>()
  const given = [...graph.inputs, ...graph.hostValues]
  const givenNames = [...names.inputs, ...names.hostValues]
  given.forEach((tensor, i) => {
    values.set(tensor, givenNames[i] ?? `value_${i}`)
  })

  const context = contextOf(builder, target, values, graph)
  // Equal ops on equal values are written once (common subexpressions).
  for (const tensor of graph.nodes) {
    const lowering = lowerings.get(tensor.operation.name)
    if (lowering === undefined) throw new UsageError(`the op ${tensor.operation.name} has no ONNX lowering`)
    const inputs = tensor.inputs.map(context.valueName)
    const key = `${tensor.operation.name} ${inputs.join()} ${attributeKey(tensor)}`
    values.set(
      tensor,
      context.once(key, () => lowering(context, tensor, inputs)),
    )
  }

  const outputs = nameOutputs(builder, graph, context.valueName, new Set(givenNames), names.outputs, anyBatch)
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'assay',
    opsetImport: [{ domain: '', version: OPSET }, ...builder.domains.map((domain) => ({ domain, version: 1 }))],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'assay',
      node: builder.nodes,
      initializer: builder.initializers,
      input: given.map((tensor) => valueInfo(context.valueName(tensor), tensor, anyBatch)),
      output: outputs,
    },
  })
}

/** Constants are told apart by identity, everything else by its attributes. */
const attributeKey = (tensor: Tensor): string =>
  tensor.operation.name === 'constant' ? `#${tensor.id}` : `${attributesKey(tensor)}${tensor.shape.join()}`

function contextOf(
  builder: GraphBuilder,
  target: Target,
  values: ReadonlyMap<Tensor, string>,
  graph: Graph,
): LoweringContext {
  const shared = new Map<string, unknown>()
  const uses = new Map<Tensor, Tensor[]>()
  for (const tensor of graph.nodes)
    for (const input of new Set(tensor.inputs)) uses.set(input, [...(uses.get(input) ?? []), tensor])
  return {
    builder,
    target,
    isWritten: (tensor) => values.has(tensor),
    valueName: (tensor) => {
      const value = values.get(tensor)
      if (value === undefined) throw new Error(`${tensor.operation.name} is used before it is written`)
      return value
    },
    once<T>(key: string, make: () => T): T {
      if (!shared.has(key)) shared.set(key, make())
      // What is stored under a key is what `make` of that key gave, so it is a T.
      return shared.get(key) as T
    },
    usesOf: (tensor, operation) => (uses.get(tensor) ?? []).filter((use) => use.operation.name === operation),
  }
}

/** An output must be a value of its own: inputs, constants and values given out twice pass through an Identity. */
function nameOutputs(
  builder: GraphBuilder,
  graph: Graph,
  valueName: (tensor: Tensor) => string,
  taken: ReadonlySet<string>,
  names: readonly string[],
  anyBatch: boolean,
) {
  const constants = new Set(builder.initializers.map(({ name }) => name))
  const given = new Map<string, string>()
  return graph.outputs.map((tensor, i) => {
    const value = valueName(tensor)
    const name = names[i] ?? `output_${i}`
    const before = given.get(value)
    if (before !== undefined || taken.has(value) || constants.has(value))
      builder.rename(builder.node('Identity', [before ?? value]), name)
    else {
      builder.rename(value, name)
      given.set(value, name)
    }
    return valueInfo(name, tensor, anyBatch)
  })
}
