import { topologicalOrder } from '../autodiff/index.ts'
import { UsageError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import { constantOperation } from '../tensor/ops/constant.ts'

/** What a runtime is asked to run: outputs from inputs, everything else in between. */
export interface Graph {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  /** Values made on the host before each call (random bits); the runtime gets them as further inputs. */
  readonly hostValues: readonly Tensor[]
  /** Tensors to compute, inputs before what is made from them; neither inputs nor host values. */
  readonly nodes: readonly Tensor[]
}

/** Collects the graph between inputs and outputs. Throws a UsageError where an output needs something that is neither. */
export function graphOf(inputs: readonly Tensor[], outputs: readonly Tensor[]): Graph {
  const given = new Set(inputs)
  const hostValues: Tensor[] = []
  const nodes: Tensor[] = []
  const order = topologicalOrder(outputs)
  const onHost = new Set<Tensor>()
  for (const tensor of order) {
    if (given.has(tensor)) continue
    const { name, isHost } = tensor.operation
    if (name === 'placeholder')
      throw new UsageError('an output depends on a placeholder that is not among the inputs of the program')
    if (isHost) onHost.add(tensor)
  }
  const used = new Set<Tensor>(outputs)
  for (const tensor of order) if (!onHost.has(tensor)) for (const input of tensor.inputs) used.add(input)
  for (const tensor of order) {
    if (given.has(tensor)) continue
    // A constant may be there for the host alone.
    if (!onHost.has(tensor) && (used.has(tensor) || !isConstant(tensor))) nodes.push(tensor)
    else if (onHost.has(tensor) && used.has(tensor)) hostValues.push(tensor)
    const stray = onHost.has(tensor) && tensor.inputs.find((input) => !given.has(input) && !isHostSide(input))
    if (stray)
      throw new UsageError(
        `${tensor.operation.name} is made on the host before the program runs, so it cannot depend on ${stray.operation.name}`,
      )
  }
  return { inputs, outputs, hostValues, nodes }
}

export const isConstant = ({ operation }: Tensor): boolean => operation === constantOperation
const isHostSide = (tensor: Tensor): boolean => tensor.operation.isHost || isConstant(tensor)

/**
 * A text that two graphs share exactly when they compute the same: ops, attributes, shapes and wiring, whatever the
 * order in which they were traced. Constants go in by content.
 */
export function structuralKey(graph: Graph): string {
  const numbers = new Map<Tensor, number>()
  const lines: string[] = []
  for (const tensor of [...graph.inputs, ...graph.hostValues]) {
    lines.push(`input ${tensor.dtype}[${tensor.shape.join()}]`)
    numbers.set(tensor, numbers.size)
  }
  // Depth first from the outputs, so that the order of tracing leaves no mark.
  const stack = graph.outputs.toReversed()
  for (let tensor = stack.at(-1); tensor !== undefined; tensor = stack.at(-1)) {
    const missing = tensor.inputs.find((input) => !numbers.has(input))
    if (missing !== undefined && !numbers.has(tensor)) {
      stack.push(missing)
      continue
    }
    stack.pop()
    if (numbers.has(tensor)) continue
    const inputs = tensor.inputs.map((input) => numbers.get(input)).join()
    lines.push(`${tensor.operation.name}(${inputs})${attributesKey(tensor)}${tensor.dtype}[${tensor.shape.join()}]`)
    numbers.set(tensor, numbers.size)
  }
  lines.push(`outputs ${graph.outputs.map((tensor) => numbers.get(tensor)).join()}`)
  return lines.join('\n')
}

/** A text that attributes share exactly when they are equal; arrays go in by content. */
export const attributesKey = (tensor: Tensor): string => JSON.stringify(tensor.operation.describe(tensor), keyable)

/**
 * Long arrays are keyed by a 64-bit FNV-1a of their bytes, short ones are written out. JSON has neither infinities, NaN
 * nor -0.
 */
function keyable(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Object.is(value, -0)) return '-0'
  if (!ArrayBuffer.isView(value)) return value
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (bytes.length <= 64) return Array.from(bytes).join()
  let [low, high] = [0x811c9dc5, 0xcbf29ce4]
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ byte ^ (low >>> 24), 0x01000193)
  }
  return `${bytes.length}:${(low >>> 0).toString(16)}${(high >>> 0).toString(16)}`
}
