import type { Operation, Tensor } from '../../tensor/index.ts'
import type { GraphBuilder } from './builder.ts'

/**
 * Where the ONNX graph will run: `native` may use ONNX Runtime's own ops and layouts, `standard` keeps to ONNX's, for
 * pages and exported files.
 */
export type Target = 'native' | 'standard'

/**
 * The ONNX values that hold a tensor: row by row (`plain`), or in ONNX Runtime's layout for convolutions (`blocked`),
 * `[batch, channels / block, height, width, block]`, which its graph still calls `[batch, channels, height, width]`.
 */
export type Place =
  | { readonly plain: string; readonly blocked?: undefined }
  | { readonly plain?: undefined; readonly blocked: string }
  | { readonly plain: string; readonly blocked: string }

/** What a lowering may ask while it writes nodes. */
export interface LoweringContext {
  readonly builder: GraphBuilder
  readonly target: Target
  /** Channels in a block of this machine's convolution kernels; 0 where they have none. */
  readonly block: number
  /** The ONNX value that holds a tensor row by row. */
  valueName(tensor: Tensor): string
  /** The ONNX value that holds a tensor in blocks of channels. */
  blockedName(tensor: Tensor): string
  /** Whether {@link blockedName} would find a value without reordering one. */
  isBlocked(tensor: Tensor): boolean
  /** Whether {@link valueName} would find one: its nodes stand already. */
  isWritten(tensor: Tensor): boolean
  /** Says that a tensor later in the graph has been computed along with another. */
  place(tensor: Tensor, place: Place): void
  /** Makes nodes that several ops share only once: `key` says what they compute. */
  once<T>(key: string, make: () => T): T
  /** Tensors that are made from `tensor` by the named op, anywhere in the graph. */
  usesOf(tensor: Tensor, operation: string): readonly Tensor[]
  /** The one tensor that is made from `tensor`, if there is only one and `tensor` is not given out. */
  onlyUseOf(tensor: Tensor): Tensor | undefined
}

/** Writes the nodes of one op and returns the name of its value. `inputs` are the values of `tensor.inputs`. */
export type Lowering = (context: LoweringContext, tensor: Tensor, inputs: readonly string[]) => string

/** Pairs a row of the op table with its lowering, typed by the row's attributes. */
export function lower<A>(
  operation: Operation<A>,
  write: (context: LoweringContext, tensor: Tensor, inputs: readonly string[], attributes: A) => string,
): readonly [string, Lowering] {
  return [operation.name, (context, tensor, inputs) => write(context, tensor, inputs, operation.attributesOf(tensor))]
}

/** For ops that ONNX has under the same meaning, without attributes. */
export function rename(name: string, opType: string): readonly [string, Lowering] {
  return [name, ({ builder }, _, inputs) => builder.node(opType, inputs)]
}

/** Another way to write an op, for some shapes, on the native runtime. */
export interface Formulation {
  /** As plans show it and as it is pinned. */
  readonly name: string
  /** Op of the table. */
  readonly operation: string
  /** Whether it can compute this tensor. */
  fits(context: LoweringContext, tensor: Tensor): boolean
  /** Whether it is then the fastest way to, as measured. */
  pays(context: LoweringContext, tensor: Tensor): boolean
  write(context: LoweringContext, tensor: Tensor): Place
}

/** A {@link Formulation} of a row of the op table, typed by the row's attributes. It pays wherever it fits unless it says otherwise. */
export function formulate<A>(
  operation: Operation<A>,
  name: string,
  {
    fits,
    pays = () => true,
    write,
  }: {
    readonly fits: (context: LoweringContext, tensor: Tensor, attributes: A) => boolean
    readonly pays?: (context: LoweringContext, tensor: Tensor, attributes: A) => boolean
    readonly write: (context: LoweringContext, tensor: Tensor, attributes: A) => Place
  },
): Formulation {
  return {
    name,
    operation: operation.name,
    fits: (context, tensor) => fits(context, tensor, operation.attributesOf(tensor)),
    pays: (context, tensor) => pays(context, tensor, operation.attributesOf(tensor)),
    write: (context, tensor) => write(context, tensor, operation.attributesOf(tensor)),
  }
}
