import { allocate, constant, sizeOf, type Tensor } from '../../tensor/index.ts'
import { constantOperation } from '../../tensor/ops/constant.ts'
import { isConstant, type Rule } from './rule.ts'

/** Results of up to this many numbers may be larger than what they are made from. */
const SMALL = 64
/** Larger ones are left to the runtime, whose kernels are faster than the reference. */
const LARGEST = 16_384
const MOST_WORK = 1_000_000

/**
 * What is made from constants alone is computed now, by the reference in float64 and rounded once, unless that would store
 * more numbers than it saves: an expanded constant stays an expand.
 */
const fold: Rule = (tensor) => {
  const { operation, inputs, dtype, shape } = tensor
  if (inputs.length === 0 || operation.isHost || !inputs.every(isConstant)) return undefined
  const size = sizeOf(shape)
  const given = inputs.reduce((sum, input) => sum + sizeOf(input.shape), 0)
  const isWorthIt = size <= SMALL || size <= given
  if (!isWorthIt || Math.max(size, given) > LARGEST || operation.macs(tensor) > MOST_WORK) return undefined
  const value = operation.evaluate(tensor, inputs.map(numbersOf))
  const data = allocate(dtype, size)
  data.set(value.data)
  return constant(data, shape, dtype)
}

const numbersOf = (tensor: Tensor) => ({
  shape: tensor.shape,
  data: Float64Array.from(constantOperation.attributesOf(tensor).data),
})

export const folding: readonly Rule[] = [fold]
