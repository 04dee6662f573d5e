import { UsageError } from '../errors.ts'
import { formatShape, leavesOf, placeholder, replaceLeaves, sameShape, type Tensor } from '../tensor/index.ts'
import { axisSize, normalizeAxis } from '../tensor/shape.ts'
import { type Batched, inserted, isBatched, spread, type Value } from './batching/batched.ts'
import { ruleOf } from './batching/index.ts'
import { isTensor, topologicalOrder } from './gradients.ts'

export interface VmapOptions {
  /** For each argument the axis of its tensors along which the members lie, or null for one that they share; default 0. */
  readonly inAxes?: readonly (number | null)[]
}

/**
 * Turns a function of one member (a sample, a network) into one of many at once: the tensors of its arguments get a further
 * axis, and so do those of its result, in front. Nothing loops: a product of matrices becomes a batched one, a convolution one
 * with more groups or images. What depends on no member is computed once. An op that has no such form is applied to one
 * member after the other. Gradients can be taken inside and outside.
 *
 * @param fn its arguments and its result are tensors, nested in records and lists
 * @returns the same for all members; each tensor of the result is `[members, …]`
 * @throws UsageError when arguments disagree about the number of members, or all are shared
 * @example
 * const dot = (a: Tensor, b: Tensor) => reduceSum(mul(a, b))
 * vmap(dot)(rows, others) // [n, k] and [n, k] to [n]
 * vmap(dot, { inAxes: [0, null] })(rows, vector) // [n, k] and [k] to [n]
 * vmap(grad(loss), { inAxes: [null, 0] })(parameters, samples) // a gradient for each sample
 */
export function vmap<Inputs extends readonly unknown[], Output>(
  fn: (...inputs: Inputs) => Output,
  { inAxes }: VmapOptions = {},
): (...inputs: Inputs) => Output {
  return (...inputs) => {
    if (inAxes !== undefined && inAxes.length !== inputs.length)
      throw new UsageError(`vmap: inAxes has ${inAxes.length} entries, and the function got ${inputs.length} arguments`)
    const given = new Map<Tensor, Batched>()
    const member = replaceLeaves(inputs, isTensor, (tensor, path) => {
      const axis = inAxes === undefined ? 0 : inAxes[Number.parseInt(path, 10)]
      if (axis === null || axis === undefined) return tensor
      const place = normalizeAxis(`vmap: argument ${path}`, axis, tensor.shape.length)
      const one = placeholder(path, { dtype: tensor.dtype, shape: tensor.shape.toSpliced(place, 1) })
      given.set(one, { tensor, axis: place })
      return one
    })
    const size = membersOf([...given.values()])
    const output = fn(...member)
    const leaves = leavesOf(output, isTensor)
    const outputs = leaves.map(({ leaf }) => leaf)
    const batched = new Map(vectorized(outputs, given, size).map((value, i) => [leaves[i]?.path, value]))
    return replaceLeaves(output, isTensor, (leaf, path) => batched.get(path) ?? leaf)
  }
}

function membersOf(given: readonly Batched[]): number {
  const counts = [...new Set(given.map(({ tensor, axis }) => axisSize(tensor.shape, axis)))]
  const [size] = counts
  if (size === undefined)
    throw new UsageError('vmap: all arguments are shared; at least one must have an axis of members')
  if (counts.length > 1)
    throw new UsageError(
      `vmap: the arguments have ${counts.join(' and ')} members; give all the same number, or null in inAxes for what is shared`,
    )
  return size
}

/** Outputs for all members, `[members, …]`, from what stands for the inputs that differ between them. */
function vectorized(outputs: readonly Tensor[], given: ReadonlyMap<Tensor, Batched>, size: number): Tensor[] {
  const values = new Map<Tensor, Value>(given)
  const found = (tensor: Tensor): Value => values.get(tensor) ?? { tensor, axis: undefined }
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map(found)
    if (values.has(tensor) || !inputs.some(isBatched)) continue
    const value = ruleOf(tensor)({ tensor, inputs, size })
    if (!sameShape(value.tensor.shape, inserted(tensor.shape, value.axis, size)))
      throw new Error(
        `the batching rule of ${tensor.operation.name} gave ${formatShape(value.tensor.shape)} for ${size} members of ` +
          formatShape(tensor.shape),
      )
    values.set(tensor, value)
  }
  return outputs.map((output) => spread(found(output), 0, size))
}
