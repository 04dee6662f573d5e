import type { DType, TypedArray } from './dtype.ts'
import type { NdArray } from './ndarray.ts'
import type { Shape } from './shape.ts'

/** What is known of a tensor before any number is computed. */
export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

/** What a row's VJP gets: the cotangent has the output's shape, and the answer has one entry an input. */
export interface Pullback<A> {
  readonly inputs: readonly Tensor[]
  readonly output: Tensor
  readonly cotangent: Tensor
  readonly attributes: A
}

/** One row of the op table: what an op means. How it is computed fast is said in `runtime/`. */
export interface OperationRow<A> {
  /** ONNX's name in lower camel case where ONNX has the op. */
  readonly name: string
  /** The shape rule. Throws a ShapeError that names the op, the shapes and what would fit. */
  readonly infer: (inputs: readonly TensorType[], attributes: A) => TensorType
  /** The meaning, in float64. */
  readonly reference: (inputs: readonly NdArray[], attributes: A, output: TensorType) => NdArray
  /**
   * Vector-Jacobian product, written in ops of this same table so that gradients have gradients. One entry an input,
   * `undefined` where the output does not depend on it smoothly. Absent: the op has no gradient at all.
   */
  readonly vjp?: (pullback: Pullback<A>) => readonly (Tensor | undefined)[]
  /**
   * Made on the host before the program runs (random bits): the values enter the program as inputs. All of `out`, which has
   * the output's dtype and size and may hold older numbers, is written over. Inputs with further axes in front (`vmap`) give
   * an output with these axes, and each part of it is what its own input gives alone.
   */
  readonly host?: (inputs: readonly TypedArray[], attributes: A, out: TypedArray) => void
  /** Multiply-accumulates, for summaries and plans. Default 0. */
  readonly macs?: (inputs: readonly TensorType[], output: TensorType, attributes: A) => number
}

let created = 0

/**
 * An immutable, symbolic tensor: its dtype and shape, the operation that makes it and the tensors it is made from.
 * Numbers exist only when a program runs, or when {@link Tensor.data} asks for them.
 *
 * @example
 * const x = tensor([1, 2, 3])
 * const y = mul(x, x)
 * await y.data() // Float32Array [1, 4, 9]
 */
export class Tensor implements TensorType {
  /** Order of creation: inputs come before what is made from them. */
  readonly id = created++
  readonly operation: AnyOperation
  readonly inputs: readonly Tensor[]
  readonly dtype: DType
  readonly shape: Shape

  constructor(operation: AnyOperation, inputs: readonly Tensor[], type: TensorType) {
    this.operation = operation
    this.inputs = inputs
    this.dtype = type.dtype
    this.shape = type.shape
  }

  /** Computes this tensor now, for notebooks and tests. A tensor that depends on a program's input has no value. */
  data(): Promise<TypedArray> {
    return realize(this)
  }
}

/** A row of the table without its attribute type: what graph walkers need. */
export interface AnyOperation {
  readonly name: string
  readonly differentiable: boolean
  readonly isHost: boolean
  evaluate(tensor: Tensor, inputs: readonly NdArray[]): NdArray
  /** Writes the tensor's numbers to `out`. */
  evaluateOnHost(tensor: Tensor, inputs: readonly TypedArray[], out: TypedArray): void
  pullback(tensor: Tensor, cotangent: Tensor): readonly (Tensor | undefined)[]
  macs(tensor: Tensor): number
  /** The same operation with the same attributes on other inputs. */
  reapply(tensor: Tensor, inputs: readonly Tensor[]): Tensor
  /** Attributes as plain data, for keys, plans and files. */
  describe(tensor: Tensor): unknown
}

export class Operation<A> implements AnyOperation {
  readonly name: string
  private readonly row: OperationRow<A>
  private readonly attributes = new WeakMap<Tensor, A>()

  constructor(row: OperationRow<A>) {
    this.name = row.name
    this.row = row
  }

  get differentiable(): boolean {
    return this.row.vjp !== undefined
  }

  get isHost(): boolean {
    return this.row.host !== undefined
  }

  /** A new tensor, its shape checked. */
  apply(inputs: readonly Tensor[], attributes: A): Tensor {
    const tensor = new Tensor(this, inputs, this.row.infer(inputs, attributes))
    this.attributes.set(tensor, attributes)
    return tensor
  }

  /** The attributes a tensor of this operation was made with. */
  attributesOf(tensor: Tensor): A {
    const attributes = this.attributes.get(tensor)
    if (attributes === undefined) throw new Error(`a tensor of ${tensor.operation.name} is not one of ${this.name}`)
    return attributes
  }

  evaluate(tensor: Tensor, inputs: readonly NdArray[]): NdArray {
    return this.row.reference(inputs, this.attributesOf(tensor), tensor)
  }

  evaluateOnHost(tensor: Tensor, inputs: readonly TypedArray[], out: TypedArray): void {
    if (this.row.host === undefined) throw new Error(`${this.name} is not made on the host`)
    this.row.host(inputs, this.attributesOf(tensor), out)
  }

  pullback(tensor: Tensor, cotangent: Tensor): readonly (Tensor | undefined)[] {
    const attributes = this.attributesOf(tensor)
    return this.row.vjp?.({ inputs: tensor.inputs, output: tensor, cotangent, attributes }) ?? []
  }

  macs(tensor: Tensor): number {
    return this.row.macs?.(tensor.inputs, tensor, this.attributesOf(tensor)) ?? 0
  }

  reapply(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
    return this.apply(inputs, this.attributesOf(tensor))
  }

  describe(tensor: Tensor): unknown {
    return this.attributesOf(tensor)
  }
}

const table = new Map<string, AnyOperation>()

/** Adds a row to the op table. A name can be taken once. */
export function defineOperation<A>(row: OperationRow<A>): Operation<A> {
  if (table.has(row.name)) throw new Error(`the op table has a row named ${row.name} already`)
  const operation = new Operation(row)
  table.set(row.name, operation)
  return operation
}

/** Every row, by name. */
export const operationTable: ReadonlyMap<string, AnyOperation> = table

/** How {@link Tensor.data} finds its numbers; the runtime room sets it. */
export type Realizer = (tensor: Tensor) => Promise<TypedArray>

let realize: Realizer = () =>
  Promise.reject(
    new Error('no runtime is loaded: import "assay" or "assay/runtime" before asking a tensor for its data'),
  )

export function setRealizer(realizer: Realizer): void {
  realize = realizer
}
