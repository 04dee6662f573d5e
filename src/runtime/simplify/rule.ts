import { type Shape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { constantOperation } from '../../tensor/ops/constant.ts'
import { axisSize } from '../../tensor/shape.ts'

/** What a rule may ask of the graph around a tensor. */
export interface Surroundings {
  /** Whether one op alone needs the tensor: only then is it saved when that op no longer does. */
  isUsedOnce(tensor: Tensor): boolean
}

/** Another way to compute a tensor, or undefined. Its inputs are simplified already. */
export type Rule = (tensor: Tensor, surroundings: Surroundings) => Tensor | undefined

export const named = (tensor: Tensor | undefined, ...names: readonly string[]): tensor is Tensor =>
  tensor !== undefined && names.includes(tensor.operation.name)

export const isConstant = (tensor: Tensor | undefined): tensor is Tensor => tensor?.operation === constantOperation

/** The number that fills a constant; undefined where there are several (0 and -0 are two), or it is no constant. */
export function filling(tensor: Tensor | undefined): number | undefined {
  if (!isConstant(tensor)) return undefined
  const { data } = constantOperation.attributesOf(tensor)
  const [first] = data
  return data.every((value) => Object.is(value, first)) ? first : undefined
}

/** The value of a constant that broadcasts with anything like a number. */
export const numberIn = (tensor: Tensor | undefined): number | undefined =>
  tensor !== undefined && sizeOf(tensor.shape) === 1 ? filling(tensor) : undefined

/** `shape` with axes of size 1 in front until it has `rank`. */
export const aligned = (shape: Shape, rank: number): number[] => [
  ...Array.from({ length: rank - shape.length }, () => 1),
  ...shape,
]

/** Axes along which `to` is larger than `from`, which broadcasts to it. */
export const stretchedAxes = (from: Shape, to: Shape): number[] =>
  aligned(from, to.length).flatMap((size, axis) => (size === axisSize(to, axis) ? [] : [axis]))

/** Ops that make each number from those at the same place of inputs that broadcast. */
export const ELEMENTWISE: ReadonlySet<string> = new Set(
  (
    'abs add and cast ceil clip cos div elu equal erf exp floor greater greaterOrEqual leakyRelu less lessOrEqual log max min ' +
    'mul not or pow relu round sigmoid sign sin softplus sqrt step sub tanh where'
  ).split(' '),
)
