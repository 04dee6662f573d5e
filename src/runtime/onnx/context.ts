import type { Tensor } from '../../tensor/index.ts'
import { attributesKey, type Graph } from '../graph.ts'
import type { GraphBuilder } from './builder.ts'
import type { LoweringContext, Place, Target } from './lowering.ts'

/** ONNX Runtime's own domain for nodes that work on blocks of channels. */
export const NCHWC = 'com.microsoft.nchwc'

/**
 * What is written so far: which ONNX values hold which tensors. A value is reordered between the layouts when it is first
 * asked for in the other one, and once only.
 */
export class WritingContext implements LoweringContext {
  readonly builder: GraphBuilder
  readonly target: Target
  readonly block: number
  private readonly places = new Map<Tensor, Place>()
  private readonly shared = new Map<string, unknown>()
  private readonly same: ReadonlyMap<Tensor, Tensor>
  private readonly uses = new Map<Tensor, Set<Tensor>>()
  private readonly outputs: ReadonlySet<Tensor>

  constructor(builder: GraphBuilder, target: Target, block: number, graph: Graph) {
    this.builder = builder
    this.target = target
    this.block = block
    this.same = commonSubexpressions(graph)
    this.outputs = new Set(graph.outputs.map((tensor) => this.canonical(tensor)))
    for (const tensor of graph.nodes.filter((node) => this.canonical(node) === node))
      for (const input of tensor.inputs) {
        const key = this.canonical(input)
        this.uses.set(key, (this.uses.get(key) ?? new Set()).add(tensor))
      }
  }

  /** The tensor that stands for all that compute the same. */
  canonical(tensor: Tensor): Tensor {
    return this.same.get(tensor) ?? tensor
  }

  readonly isWritten = (tensor: Tensor): boolean => {
    return this.places.has(this.canonical(tensor))
  }

  readonly place = (tensor: Tensor, place: Place): void => {
    this.places.set(this.canonical(tensor), place)
  }

  readonly valueName = (tensor: Tensor): string => {
    const place = this.placeOf(tensor)
    if (place.plain !== undefined) return place.plain
    const plain = this.builder.node('ReorderOutput', [place.blocked], { channels: tensor.shape[1] ?? 0 }, NCHWC)
    this.place(tensor, { ...place, plain })
    return plain
  }

  readonly isBlocked = (tensor: Tensor): boolean => {
    return this.places.get(this.canonical(tensor))?.blocked !== undefined
  }

  readonly blockedName = (tensor: Tensor): string => {
    const place = this.placeOf(tensor)
    if (place.blocked !== undefined) return place.blocked
    const blocked = this.builder.node('ReorderInput', [place.plain], {}, NCHWC)
    this.place(tensor, { ...place, blocked })
    return blocked
  }

  readonly once = <T>(key: string, make: () => T): T => {
    if (!this.shared.has(key)) this.shared.set(key, make())
    // What is stored under a key is what `make` of that key gave, so it is a T.
    return this.shared.get(key) as T
  }

  readonly usesOf = (tensor: Tensor, operation: string): readonly Tensor[] => {
    return this.allUses(tensor).filter((use) => use.operation.name === operation)
  }

  readonly onlyUseOf = (tensor: Tensor): Tensor | undefined => {
    const uses = this.allUses(tensor)
    return uses.length === 1 && !this.outputs.has(this.canonical(tensor)) ? uses[0] : undefined
  }

  private allUses(tensor: Tensor): Tensor[] {
    return [...(this.uses.get(this.canonical(tensor)) ?? [])]
  }

  private placeOf(tensor: Tensor): Place {
    const place = this.places.get(this.canonical(tensor))
    if (place === undefined) throw new Error(`${tensor.operation.name} is used before it is written`)
    return place
  }
}

/** For each node that computes the same as an earlier one, that one. */
function commonSubexpressions(graph: Graph): ReadonlyMap<Tensor, Tensor> {
  const same = new Map<Tensor, Tensor>()
  const first = new Map<string, Tensor>()
  for (const tensor of graph.nodes) {
    const inputs = tensor.inputs.map((input) => (same.get(input) ?? input).id).join()
    // Constants are told apart by identity, everything else by its attributes.
    const attributes = tensor.operation.name === 'constant' ? tensor.id : attributesKey(tensor)
    const key = `${tensor.operation.name} ${inputs} ${attributes} ${tensor.shape.join()}`
    const before = first.get(key)
    if (before === undefined) first.set(key, tensor)
    else same.set(tensor, before)
  }
  return same
}
