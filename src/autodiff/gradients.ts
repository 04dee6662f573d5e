import { UsageError } from '../errors.ts'
import { add, formatShape, leavesOf, type MapTree, mapLeaves, ones, Tensor, zeros } from '../tensor/index.ts'

export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor

/** Every tensor that `outputs` are made from, inputs first. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>()
  const stack = [...outputs]
  for (let tensor = stack.pop(); tensor !== undefined; tensor = stack.pop()) {
    if (seen.has(tensor)) continue
    seen.add(tensor)
    stack.push(...tensor.inputs)
  }
  // A tensor is created after its inputs, so the order of creation is a topological one.
  return [...seen].sort((a, b) => a.id - b.id)
}

/**
 * Vector-Jacobian products: cotangents of `outputs` pulled back to `wrt`. The result is symbolic, so it can be
 * differentiated again.
 *
 * @returns one tensor for each of `wrt`, of its shape; zeros where the outputs do not depend on it
 * @throws UsageError when the way to a `wrt` tensor leads through an op that has no gradient
 */
export function vjp(outputs: readonly Tensor[], cotangents: readonly Tensor[], wrt: readonly Tensor[]): Tensor[] {
  const order = topologicalOrder(outputs)
  const targets = new Set(wrt)
  const reaches = new Set<Tensor>()
  for (const tensor of order) {
    // Truth values and whole numbers are constant almost everywhere: what depends on `wrt` through them alone does not.
    const isSmooth = tensor.dtype === 'float32' && tensor.inputs.some((input) => reaches.has(input))
    if (targets.has(tensor) || isSmooth) reaches.add(tensor)
  }

  const gathered = new Map<Tensor, Tensor>()
  const accumulate = (tensor: Tensor, cotangent: Tensor): void => {
    const before = gathered.get(tensor)
    gathered.set(tensor, before === undefined ? cotangent : add(before, cotangent))
  }
  outputs.forEach((output, i) => {
    const cotangent = cotangents[i]
    if (cotangent === undefined || cotangent.shape.join() !== output.shape.join())
      throw new UsageError(
        `vjp: output ${i} has shape ${formatShape(output.shape)} and needs a cotangent of that shape`,
      )
    accumulate(output, cotangent)
  })

  for (const tensor of order.toReversed()) {
    const cotangent = gathered.get(tensor)
    if (cotangent === undefined || !reaches.has(tensor) || !tensor.inputs.some((input) => reaches.has(input))) continue
    if (!tensor.operation.differentiable)
      throw new UsageError(`the op ${tensor.operation.name} has no gradient; keep it out of what is differentiated`)
    tensor.operation.pullback(tensor, cotangent).forEach((contribution, i) => {
      const input = tensor.inputs[i]
      if (contribution !== undefined && input !== undefined && reaches.has(input)) accumulate(input, contribution)
    })
  }
  return wrt.map((tensor) => gathered.get(tensor) ?? zeros(tensor.shape))
}

/**
 * Gradients of a scalar with respect to tensors nested in records and lists.
 *
 * @param loss shape `[]`
 * @param wrt any nesting of tensors; the answer has the same nesting and shapes
 * @example
 * const x = placeholder('x', { dtype: 'float32', shape: [3] })
 * const { x: dx } = gradients(reduceSum(mul(x, x)), { x }) // 2x
 */
export function gradients<T>(loss: Tensor, wrt: T): MapTree<T, Tensor, Tensor> {
  if (loss.shape.length !== 0)
    throw new UsageError(
      `gradients: the loss has shape ${formatShape(loss.shape)} but must be a scalar; reduce it first, with reduceMean or reduceSum`,
    )
  const leaves = leavesOf(wrt, isTensor)
  const found = vjp(
    [loss],
    [ones([])],
    leaves.map(({ leaf }) => leaf),
  )
  const byPath = new Map(leaves.map(({ path }, i) => [path, found[i]]))
  return mapLeaves(wrt, isTensor, (leaf, path) => byPath.get(path) ?? zeros(leaf.shape))
}
