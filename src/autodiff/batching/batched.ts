import { expand, type Operation, reshape, type Shape, type Tensor, transpose } from '../../tensor/index.ts'
import { axisSize, sizeOf } from '../../tensor/shape.ts'

/** A tensor with one more axis than a member has. */
export interface Batched {
  readonly tensor: Tensor
  /** Where the members' axis stands. Rules leave it where it is when moving it would cost a copy. */
  readonly axis: number
}

/** What an op meets under `vmap`: a tensor of all members, or one that they share. */
export type Value = Batched | { readonly tensor: Tensor; readonly axis: undefined }

/** One op of one member, and what stands for its inputs; at least one of them is batched. */
export interface Call {
  readonly tensor: Tensor
  readonly inputs: readonly Value[]
  /** Number of members. */
  readonly size: number
}

/** How an op is done for all members at once. */
export type Rule = (call: Call) => Batched

/** Pairs an op with its rule, typed by the op's attributes. */
export function rule<A>(
  operation: Operation<A>,
  batch: (attributes: A, call: Call) => Batched,
): readonly [name: string, rule: Rule] {
  return [operation.name, (call) => batch(operation.attributesOf(call.tensor), call)]
}

/** A tensor without which no op of its kind would have been made. */
export function input({ tensor, inputs }: Call, index: number): Value {
  const value = inputs[index]
  if (value === undefined) throw new Error(`${tensor.operation.name} has no input ${index}`)
  return value
}

/** The input of an op that has only one. */
export const operand = (call: Call): Batched => asBatched(input(call, 0))

/** For what must be batched, as nothing else of its op is. */
export function asBatched(value: Value): Batched {
  if (!isBatched(value)) throw new Error(`nothing that ${value.tensor.operation.name} goes into is batched`)
  return value
}

/** The batched input with most numbers: where its members' axis stands, the others' should. */
export function largest(inputs: readonly Value[]): Batched {
  const [first] = inputs.filter(isBatched).sort((a, b) => sizeOf(b.tensor.shape) - sizeOf(a.tensor.shape))
  if (first === undefined) throw new Error('none of the inputs is batched')
  return first
}

export const isBatched = (value: Value): value is Batched => value.axis !== undefined

export const inserted = <T>(list: readonly T[], place: number, item: T): T[] => list.toSpliced(place, 0, item)

/** A member's shape. */
export const memberShape = ({ tensor, axis }: Value): Shape =>
  axis === undefined ? tensor.shape : tensor.shape.toSpliced(axis, 1)

/** Where a member's axis stands beside the members' own. */
export const shifted = (axis: number, members: number): number => (axis < members ? axis : axis + 1)

/** All members' numbers with their axis at `place`; what they share is repeated. */
export function spread(value: Value, place: number, size: number): Tensor {
  if (isBatched(value)) return moved(value, place)
  const { tensor } = value
  return expand(reshape(tensor, inserted(tensor.shape, place, 1)), inserted(tensor.shape, place, size))
}

/** The members' axis brought to `place`. */
export function moved({ tensor, axis }: Batched, place: number): Tensor {
  if (axis === place) return tensor
  const member = tensor.shape.toSpliced(axis, 1)
  const passed = member.slice(Math.min(axis, place), Math.max(axis, place))
  // Nothing changes places in memory when only axes of one entry are passed.
  if (passed.every((size) => size === 1)) return reshape(tensor, inserted(member, place, axisSize(tensor.shape, axis)))
  const others = tensor.shape.map((_, i) => i).toSpliced(axis, 1)
  return transpose(tensor, inserted(others, place, axis))
}

/** Two neighbouring axes as one. */
export function merged(tensor: Tensor, axis: number): Tensor {
  const { shape } = tensor
  return reshape(tensor, shape.toSpliced(axis, 2, axisSize(shape, axis) * axisSize(shape, axis + 1)))
}

/** One axis as two, the first of `count` entries. */
export function divided(tensor: Tensor, axis: number, count: number): Tensor {
  const { shape } = tensor
  return reshape(tensor, shape.toSpliced(axis, 1, count, axisSize(shape, axis) / count))
}
