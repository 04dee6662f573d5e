import type { Tensor } from '../../tensor/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { attributesKey } from '../graph.ts'
import { isConstant } from './rule.ts'

/** Larger constants are told apart by identity: reading them costs more than is won. */
const LARGEST_COMPARED = 1024

/** Ops whose operands can change places without changing a bit. */
const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'max', 'min', 'equal', 'and', 'or'])

/** Common subexpressions: remembers tensors, and gives an earlier one that computes the same. */
export class Shared {
  private readonly first = new Map<string, Tensor>()

  of(tensor: Tensor): Tensor {
    const key = this.keyOf(tensor)
    const before = this.first.get(key)
    if (before !== undefined) return before
    this.first.set(key, tensor)
    return tensor
  }

  private keyOf(tensor: Tensor): string {
    const { name } = tensor.operation
    if (name === 'placeholder' || (isConstant(tensor) && sizeOf(tensor.shape) > LARGEST_COMPARED))
      return `#${tensor.id}`
    const inputs = tensor.inputs.map(({ id }) => id)
    if (COMMUTATIVE.has(name)) inputs.sort((a, b) => a - b)
    return `${name} ${inputs.join()} ${attributesKey(tensor)}`
  }
}
