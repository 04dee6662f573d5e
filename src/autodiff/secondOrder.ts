import { UsageError } from '../errors.ts'
import {
  add,
  constant,
  formatShape,
  leavesOf,
  type MapTree,
  mul,
  reduceSum,
  reshape,
  sizeOf,
  type Tensor,
  unsqueeze,
  zeros,
} from '../tensor/index.ts'
import { gradients, isTensor, vjp } from './gradients.ts'
import { vmap } from './vmap.ts'

/**
 * Hessian-vector product of a scalar function, without the Hessian: the gradient of ⟨∇f, v⟩ (Pearlmutter, 1994). It costs
 * about two gradients.
 *
 * @param fn parameters, nested as you like, to a scalar
 * @returns a function of the parameters and a direction `v` of the same nesting and shapes
 * @example
 * const cube = (x: Tensor) => mul(x, mul(x, x))
 * hvp(cube)(tensor(2), tensor(1)) // 6x · v = 12
 */
export function hvp<T>(fn: (parameters: T) => Tensor): (parameters: T, direction: T) => MapTree<T, Tensor, Tensor> {
  return (parameters, direction) => {
    const slopes = leavesOf(gradients(fn(parameters), parameters), isTensor)
    const along = leavesOf(direction, isTensor)
    if (along.length !== slopes.length)
      throw new UsageError(`hvp: the direction has ${along.length} tensors and the parameters have ${slopes.length}`)
    const products = slopes.map(({ leaf, path }, i) => {
      const v = along[i]?.leaf
      if (v === undefined || v.shape.join() !== leaf.shape.join())
        throw new UsageError(
          `hvp: the direction at "${path}" has shape ${formatShape(v?.shape ?? [])} but must be ${formatShape(leaf.shape)}`,
        )
      return reduceSum(mul(leaf, v))
    })
    const [first, ...rest] = products
    if (first === undefined) throw new UsageError('hvp: there are no parameters')
    return gradients(rest.reduce(add, first), parameters)
  }
}

/**
 * Jacobian-vector product J·v, by two backward passes: u ↦ Jᵀu is linear in u, and its own transpose is J.
 *
 * @param fn one tensor to one tensor
 * @returns a function of the input `x` and a direction `v` of its shape; the result has the output's shape
 */
export function jvp(fn: (x: Tensor) => Tensor): (x: Tensor, direction: Tensor) => Tensor {
  return (x, direction) => {
    const y = fn(x)
    // The value of u does not matter, as it enters linearly; it only has to be there to be differentiated by.
    const u = zeros(y.shape)
    const [pulled = zeros(x.shape)] = vjp([y], [u], [x])
    const [pushed = zeros(y.shape)] = vjp([pulled], [direction], [u])
    return pushed
  }
}

/**
 * The whole Jacobian of a small function, by one backward pass for all output numbers at once.
 *
 * @param fn one tensor to one tensor
 * @returns a function of `x` that gives `[…output, …input]`
 */
export function jacobian(fn: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const y = fn(x)
    const size = sizeOf(y.shape)
    const identity = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))
    const rowOf = (unit: Tensor): Tensor => vjp([y], [unit], [x])[0] ?? zeros(x.shape)
    return reshape(vmap(rowOf)(constant(identity, [size, ...y.shape], 'float32')), [...y.shape, ...x.shape])
  }
}

/**
 * The whole Hessian of a small scalar function.
 *
 * @param fn one tensor to a scalar
 * @returns a function of `x` that gives `[…x, …x]`, symmetric
 */
export const hessian = (fn: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) => jacobian((x) => gradients(fn(x), x))

/**
 * Gradients of each sample's loss by itself: the loss is applied to one sample at a time, so what mixes samples (batch
 * normalisation) does not.
 *
 * @param loss parameters and one sample as a batch of one, to a scalar
 * @returns a function of the parameters and a batch that gives gradients with a leading batch axis
 */
export function perSampleGradients<T>(
  loss: (parameters: T, sample: readonly Tensor[]) => Tensor,
): (parameters: T, batch: readonly Tensor[]) => MapTree<T, Tensor, Tensor> {
  return (parameters, batch) => {
    const size = batch[0]?.shape[0] ?? 0
    if (size === 0 || batch.some(({ shape }) => shape[0] !== size))
      throw new UsageError('perSampleGradients: the tensors of the batch must share a first axis of at least 1')
    const gradientsOf = (weights: T, samples: readonly Tensor[]) =>
      gradients(
        loss(
          weights,
          samples.map((sample) => unsqueeze(sample, 0)),
        ),
        weights,
      )
    return vmap(gradientsOf, { inAxes: [null, 0] })(parameters, batch)
  }
}
