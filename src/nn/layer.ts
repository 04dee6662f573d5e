import { UsageError } from '../errors.ts'
import type { Key } from '../random/index.ts'
import { type Shape, Tensor } from '../tensor/index.ts'
import type { Context } from './context.ts'
import type { InitOptions } from './initializers/option.ts'
import type { TensorTree, Variables } from './variables.ts'

/** Plain data that says how a layer was made; it goes into manifests. */
export type Config = Readonly<Record<string, unknown>>

/**
 * A layer is a value: how to make its weights and what it computes. Containers are layers made of layers.
 *
 * @example A layer of one's own (`examples/custom-layer.ts` trains with one):
 * const scale: Layer = layer('Scale', {
 *   init: (_key, input) => ({ gain: filled([input[1] ?? 1], 1) }),
 *   apply: ({ gain }, x) => mul(x, gain),
 * })
 */
export interface Layer {
  /** PyTorch's name of the module where it has one. */
  readonly kind: string
  readonly config: Config
  /** Layers inside, by the name under which their weights stand. */
  readonly children?: Readonly<Record<string, Layer>>
  /**
   * New variables.
   *
   * @param input the shape that will come in, batch axis included
   */
  init(key: Key, input: Shape): Variables
  /** What the layer computes, as a symbolic expression. */
  apply(parameters: TensorTree, x: Tensor, context: Context): Tensor
  /** The same layer with some of its configuration replaced, checked again. Absent on layers that take none. */
  with?(changes: Config): Layer
  /** The same layer with its weights drawn otherwise. Absent on layers that draw none, and on containers. */
  withInit?(options: InitOptions): Layer
}

/** The parts of a layer without children; whatever is left out has nothing to say. */
export interface LayerDefinition {
  readonly config?: Config
  readonly init?: (key: Key, input: Shape) => Variables['parameters']
  readonly buffers?: (input: Shape) => Variables['buffers']
  readonly apply: (parameters: Readonly<Record<string, Tensor>>, x: Tensor, context: Context) => Tensor
  readonly with?: (changes: Config) => Layer
  readonly withInit?: (options: InitOptions) => Layer
}

/** Makes a layer. Built-in layers are made by this same function. */
export function layer(kind: string, definition: LayerDefinition): Layer {
  const { config = {}, init, buffers, apply, with: change, withInit } = definition
  return {
    kind,
    config,
    init: (key, input) => ({ parameters: init?.(key, input) ?? {}, buffers: buffers?.(input) ?? {} }),
    apply: (parameters, x, context) => apply(flat(parameters), x, context),
    ...(change === undefined ? {} : { with: change }),
    ...(withInit === undefined ? {} : { withInit }),
  }
}

/** A layer without children holds tensors, not nests of them. */
function flat(tree: TensorTree): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => {
      if (value instanceof Tensor) return [name, value]
      throw new UsageError(`"${name}" holds nested weights, but only a layer with children has those`)
    }),
  )
}

/** How a layer reads in tables and messages: `Conv2d(outChannels 32, kernel 3, padding same, bias)`. */
export const describeLayer = ({ kind, config }: Layer): string => described(kind, config)

function described(kind: string, config: Config): string {
  const parts = Object.entries(config).flatMap(([name, value]) => {
    if (value === false || value === undefined) return []
    if (value === true) return [name]
    if (Array.isArray(value)) return [`${name} ${value.join('×')}`]
    return [`${name} ${typeof value === 'object' ? describedValue(value) : String(value)}`]
  })
  return parts.length === 0 ? kind : `${kind}(${parts.join(', ')})`
}

/** An option that is a value of its own, such as an initialiser, reads as a layer does. */
function describedValue(value: object | null): string {
  if (value === null || !('kind' in value) || typeof value.kind !== 'string') return JSON.stringify(value)
  const { kind, ...config } = value
  return described(kind, config)
}
