import { reshape, type Tensor } from '../../tensor/index.ts'
import { axisSize } from '../../tensor/shape.ts'
import { type Batched, inserted, isBatched, largest, memberShape, moved, type Rule, type Value } from './batched.ts'

const NAMES = [
  ...['add', 'sub', 'mul', 'div', 'pow', 'max', 'min'],
  ...['equal', 'greater', 'greaterOrEqual', 'less', 'lessOrEqual', 'and', 'or', 'not', 'where', 'clip', 'cast'],
  ...['exp', 'log', 'sqrt', 'sin', 'cos', 'tanh', 'sign', 'abs', 'sigmoid', 'erf', 'step', 'relu', 'softplus'],
  ...['floor', 'ceil', 'round', 'leakyRelu', 'elu'],
]

/**
 * Inputs that broadcast against each other member by member: the members' axis is put in the same place of all of them, that
 * of the largest, which is not moved.
 *
 * @param rank of a member's output
 */
export function aligned(inputs: readonly Value[], rank: number): { readonly tensors: Tensor[]; readonly axis: number } {
  const { tensor, axis: own } = largest(inputs)
  const axis = own === 0 ? 0 : own + rank + 1 - tensor.shape.length
  return { tensors: inputs.map((input) => placed(input, rank, axis)), axis }
}

/** A value that broadcasts as it did, with the members' axis at `axis` of an output of `rank` and one axes. */
function placed(value: Value, rank: number, axis: number): Tensor {
  const member = memberShape(value)
  const missing = rank - member.length
  if (!isBatched(value))
    return axis <= missing ? value.tensor : reshape(value.tensor, inserted(member, axis - missing, 1))
  const { tensor } = value
  const ones = Array.from({ length: missing }, () => 1)
  const whole: Batched =
    value.axis === 0
      ? { tensor: reshape(tensor, [axisSize(tensor.shape, 0), ...ones, ...member]), axis: 0 }
      : { tensor: reshape(tensor, [...ones, ...tensor.shape]), axis: value.axis + missing }
  return moved(whole, axis)
}

const elementwiseRule: Rule = ({ tensor, inputs }) => {
  const { tensors, axis } = aligned(inputs, tensor.shape.length)
  return { tensor: tensor.operation.reapply(tensor, tensors), axis }
}

export const elementwise: readonly (readonly [string, Rule])[] = NAMES.map((name) => [name, elementwiseRule])
