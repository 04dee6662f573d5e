import { allocate, type DType, type Shape, type TensorType, type TypedArray } from '../../tensor/index.ts'
import {
  type AttributeMessage,
  attributeTypes,
  dataTypes,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
} from './proto.ts'

/** Numbers are written as `int`, lists as `ints`: write `{ float: 1 }` or `{ floats: [0, 1] }` where ONNX wants floats. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }

/** Nodes and constants of one ONNX graph, in order. */
export class GraphBuilder {
  readonly nodes: NodeMessage[] = []
  private readonly constants = new Map<string, TensorMessage>()
  private created = 0

  get initializers(): TensorMessage[] {
    return [...this.constants.values()]
  }

  /** Constants without those that lowerings looked through: ONNX Runtime warns of what no node takes. */
  get neededInitializers(): TensorMessage[] {
    const taken = new Set(this.nodes.flatMap(({ input }) => input))
    return this.initializers.filter(({ name }) => taken.has(name))
  }

  /** Domains that the nodes use beside ONNX's own. */
  get domains(): string[] {
    return [...new Set(this.nodes.map((node) => node.domain))].filter((domain) => domain !== '')
  }

  /** A node with one output, whose name is returned. An empty input name leaves an optional input out. */
  node(opType: string, input: readonly string[], attributes: Record<string, AttributeValue> = {}, domain = ''): string {
    const [output = ''] = this.nodeOf(1, opType, input, attributes, domain)
    return output
  }

  /** A node with several outputs. */
  nodeOf(
    outputs: number,
    opType: string,
    input: readonly string[],
    attributes: Record<string, AttributeValue> = {},
    domain = '',
  ): string[] {
    const output = Array.from({ length: outputs }, () => `${opType}_${this.created++}`)
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value))
    this.nodes.push({ name: output[0] ?? '', opType, domain, input, output, attribute })
    return output
  }

  /** A constant. Small equal ones are stored once. */
  constant(data: TypedArray, shape: Shape, dtype: DType): string {
    return this.initializer(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), shape, dataTypes[dtype])
  }

  /** A constant vector of int64, which ONNX wants for shapes, axes and pads. */
  int64(values: readonly number[]): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value))
    return this.initializer(new Uint8Array(data.buffer), [values.length], dataTypes.int64)
  }

  /** A scalar constant. */
  scalar(value: number, dtype: DType = 'float32'): string {
    return this.constant(allocate(dtype, 1).fill(value), [], dtype)
  }

  private initializer(rawData: Uint8Array, dims: Shape, dataType: number): string {
    const key = rawData.length > 1024 ? `large ${this.constants.size}` : `${dataType} ${dims.join()} ${rawData.join()}`
    const before = this.constants.get(key)
    if (before !== undefined) return before.name
    const name = `constant_${this.constants.size}`
    this.constants.set(key, { name, dims, dataType, rawData })
    return name
  }

  /** Leaves out nodes that these values do not need: ONNX Runtime would run them. */
  keepFor(values: readonly string[]): void {
    const needed = new Set(values)
    const kept = this.nodes.toReversed().filter(({ input, output }) => {
      const isNeeded = output.some((name) => needed.has(name))
      if (isNeeded) for (const name of input) needed.add(name)
      return isNeeded
    })
    this.nodes.splice(0, this.nodes.length, ...kept.reverse())
  }

  /** Gives a value another name wherever it occurs. */
  rename(from: string, to: string): void {
    const change = (name: string): string => (name === from ? to : name)
    for (const [i, node] of this.nodes.entries())
      if (node.input.includes(from) || node.output.includes(from))
        this.nodes[i] = { ...node, input: node.input.map(change), output: node.output.map(change) }
  }
}

function attributeOf(name: string, value: AttributeValue): AttributeMessage {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value }
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) }
  if ('floats' in value) return { name, type: attributeTypes.floats, floats: value.floats }
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float }
  return { name, type: attributeTypes.ints, ints: value }
}

/** How ONNX declares an input or output; `anyBatch` leaves the size of the first axis open. */
export const valueInfo = (name: string, { dtype, shape }: TensorType, anyBatch = false): ValueMessage => ({
  name,
  type: {
    tensorType: {
      elemType: dataTypes[dtype],
      shape: { dim: shape.map((dimValue, axis) => (anyBatch && axis === 0 ? { dimParam: 'batch' } : { dimValue })) },
    },
  },
})
