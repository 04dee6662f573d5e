import type { Operation, Tensor } from '../../tensor/index.ts'
import type { GraphBuilder } from './builder.ts'

/**
 * Where the ONNX graph will run: `native` may use ONNX Runtime's own ops and layouts, `standard` keeps to ONNX's, for
 * pages and exported files.
 */
export type Target = 'native' | 'standard'

/** What a lowering may ask while it writes nodes. */
export interface LoweringContext {
  readonly builder: GraphBuilder
  readonly target: Target
  /** The ONNX value that holds a tensor. */
  valueName(tensor: Tensor): string
  /** Whether {@link valueName} would find one: its nodes stand already. */
  isWritten(tensor: Tensor): boolean
  /** Makes nodes that several ops share only once: `key` says what they compute. */
  once<T>(key: string, make: () => T): T
  /** Tensors that are made from `tensor` by the named op, anywhere in the graph. */
  usesOf(tensor: Tensor, operation: string): readonly Tensor[]
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
