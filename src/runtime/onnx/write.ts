import { UsageError } from '../../errors.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Graph } from '../graph.ts'
import { GraphBuilder, valueInfo } from './builder.ts'
import { WritingContext } from './context.ts'
import { chooseFormulation, type Pins } from './formulations/index.ts'
import type { Target } from './lowering.ts'
import { lowerings } from './lowerings/index.ts'
import { encodeModel, type ValueMessage } from './proto.ts'

/**
 * ONNX operator set, and the file version that came with it (ONNX 1.13, December 2022): a runtime that knows the one reads
 * the other.
 */
const OPSET = 18
const IR_VERSION = 8

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
  /** Channels in a block of the machine's convolution kernels; default 0: there are none, or they are not to be used. */
  readonly block?: number
  /** Formulations that are not to be chosen by shape; default none. */
  readonly pins?: Pins
  readonly names?: ValueNames
  /** Name of an output that comes before all others and is an empty sequence; default: there is none. */
  readonly sequenceFirst?: string
  /** Leave the first axis of inputs and outputs open, so that the model takes any batch. Default false. */
  readonly anyBatch?: boolean
  /** Entries of the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** An ONNX model, and how the ops of the graph that have several formulations were written. */
export interface Written {
  readonly bytes: Uint8Array
  readonly formulations: ReadonlyMap<Tensor, string>
}

/** Lowers a graph to the bytes of an ONNX model. */
export const writeOnnx = (graph: Graph, options: WriteOptions): Uint8Array => write(graph, options).bytes

/** {@link writeOnnx}, with the formulations that were chosen. */
export function write(graph: Graph, options: WriteOptions): Written {
  const { target, block = 0, pins = {}, names = defaultNames(graph), anyBatch = false, metadata = {} } = options
  const { sequenceFirst } = options
  const builder = new GraphBuilder()
  const context = new WritingContext(builder, target, block, graph)
  const given = [...graph.inputs, ...graph.hostValues]
  const givenNames = [...names.inputs, ...names.hostValues]
  given.forEach((tensor, i) => {
    context.place(tensor, { plain: givenNames[i] ?? `value_${i}` })
  })

  const chosen = new Map<Tensor, string>()
  for (const tensor of graph.nodes) {
    if (context.isWritten(tensor)) {
      // Its node came along with the one before it; what computes the same as an earlier tensor has no node at all.
      if (context.canonical(tensor) === tensor) chosen.set(tensor, 'fused')
      continue
    }
    const formulation = chooseFormulation(context, tensor, pins)
    if (formulation !== undefined) {
      context.place(tensor, formulation.write(context, tensor))
      chosen.set(tensor, formulation.name)
      continue
    }
    const lowering = lowerings.get(tensor.operation.name)
    if (lowering === undefined) throw new UsageError(`the op ${tensor.operation.name} has no ONNX lowering`)
    context.place(tensor, { plain: lowering(context, tensor, tensor.inputs.map(context.valueName)) })
  }

  const outputs: ValueMessage[] = nameOutputs(builder, graph, context, new Set(givenNames), names.outputs, anyBatch)
  if (sequenceFirst !== undefined) {
    builder.rename(builder.node('SequenceEmpty', []), sequenceFirst)
    outputs.unshift({ name: sequenceFirst })
  }
  builder.keepFor(outputs.map(({ name }) => name))
  const bytes = encodeModel({
    irVersion: IR_VERSION,
    producerName: 'assay',
    opsetImport: [{ domain: '', version: OPSET }, ...builder.domains.map((domain) => ({ domain, version: 1 }))],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'assay',
      node: builder.nodes,
      initializer: builder.neededInitializers,
      input: given.map((tensor) => valueInfo(context.valueName(tensor), tensor, anyBatch)),
      output: outputs,
    },
  })
  return { bytes, formulations: chosen }
}

/** An output must be a value of its own: inputs, constants and values given out twice pass through an Identity. */
function nameOutputs(
  builder: GraphBuilder,
  graph: Graph,
  context: WritingContext,
  taken: ReadonlySet<string>,
  names: readonly string[],
  anyBatch: boolean,
) {
  const given = new Map<string, string>()
  const values = graph.outputs.map(context.valueName)
  const constants = new Set(builder.initializers.map(({ name }) => name))
  return graph.outputs.map((tensor, i) => {
    const value = values[i] ?? ''
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
