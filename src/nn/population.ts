import { vmap } from '../autodiff/index.ts'
import { UsageError } from '../errors.ts'
import type { Key } from '../random/index.ts'
import { leavesOf, mapLeaves, type Shape, sizeOf, type Tensor } from '../tensor/index.ts'
import { applyModel } from './context.ts'
import { initialize } from './initialize.ts'
import type { Layer } from './layer.ts'
import { isWeights, type TensorTree, type Variables, type WeightTree } from './variables.ts'

/** Networks of one architecture that are computed together: all their weights have a leading axis of members. */
export interface Population {
  readonly model: Layer
  /** Number of members. */
  readonly size: number
  /**
   * New variables, each `[members, …]`: of member k what {@link initialize} gives with key k.
   *
   * @param sample shape of one sample, without the batch axis
   * @throws UsageError unless there is a key for each member
   */
  initialize(keys: readonly Key[], sample: Shape): Variables
  /** The variables of one member, from 0, as views. */
  member(variables: Variables, index: number): Variables
  /**
   * All members' outputs, `[members, batch, …]`.
   *
   * @param x `[batch, …]`, which all members see; with `ownInput`, `[members, batch, …]`
   * @param options.key uint32 `[members, 2]`: each member draws what it would draw alone
   */
  apply(parameters: TensorTree, x: Tensor, options?: PopulationOptions): PopulationApplication
}

/** Default: shared input, evaluation. */
export interface PopulationOptions {
  readonly ownInput?: boolean
  readonly training?: boolean
  readonly buffers?: TensorTree
  readonly key?: Tensor
}

export interface PopulationApplication {
  /** `[members, batch, …]` */
  readonly output: Tensor
  /** New values of the buffers that changed, by dotted name, each `[members, …]`. */
  readonly bufferUpdates: Readonly<Record<string, Tensor>>
  /** What layers add to the loss, each `[members]`. */
  readonly losses: readonly Tensor[]
}

/**
 * `size` networks of one architecture as one: products of matrices become batched products, convolutions get groups, so that
 * many small networks take hardly longer than one. Each member is what the model is alone. `fitPopulation` trains one.
 *
 * @throws UsageError when `size` is no count of at least 1
 * @example
 * const ten = population(sequential(linear(16), relu(), linear(1)), 10)
 * const variables = ten.initialize(split(key(0), 10), [2])
 * const { output } = ten.apply(symbolic(variables.parameters), x) // [batch, 2] to [10, batch, 1]
 */
export function population(model: Layer, size: number): Population {
  if (!Number.isInteger(size) || size < 1)
    throw new UsageError(`population: the number of members is ${size}: give a whole number of at least 1`)
  return {
    model,
    size,
    initialize: (keys, sample) => {
      if (keys.length !== size)
        throw new UsageError(
          `population: there are ${keys.length} keys for ${size} members; give one for each, as split(key(0), ${size})`,
        )
      const each = keys.map((key) => initialize(model, key, sample))
      return {
        parameters: stacked(each.map(({ parameters }) => parameters)),
        buffers: stacked(each.map(({ buffers }) => buffers)),
      }
    },
    member: ({ parameters, buffers }, index) => {
      if (!Number.isInteger(index) || index < 0 || index >= size)
        throw new UsageError(`population: there is no member ${index}; give a number from 0 to ${size - 1}`)
      return { parameters: memberOf(parameters, index), buffers: memberOf(buffers, index) }
    },
    apply: (parameters, x, { ownInput = false, training = false, buffers = {}, key } = {}) => {
      const one = (
        own: { readonly parameters: TensorTree; readonly buffers: TensorTree; readonly key?: Tensor },
        input: Tensor,
      ) => {
        const options = { training, buffers: own.buffers, ...(own.key && { key: own.key }) }
        const { output, bufferUpdates, losses } = applyModel(model, own.parameters, input, options)
        return { output, bufferUpdates: Object.fromEntries(bufferUpdates), losses }
      }
      return vmap(one, { inAxes: [0, ownInput ? 0 : null] })({ parameters, buffers, ...(key && { key }) }, x)
    },
  }
}

/** Weights of one nesting side by side along a new first axis. */
function stacked(each: readonly WeightTree[]): WeightTree {
  const numbers = each.map((tree) => new Map(leavesOf(tree, isWeights).map(({ path, leaf }) => [path, leaf.data])))
  return mapLeaves(each[0] ?? {}, isWeights, ({ shape }, path) => {
    const data = new Float32Array(each.length * sizeOf(shape))
    for (const [k, member] of numbers.entries()) data.set(member.get(path) ?? [], k * sizeOf(shape))
    return { shape: [each.length, ...shape], data }
  })
}

const memberOf = (weights: WeightTree, index: number): WeightTree =>
  mapLeaves(weights, isWeights, ({ shape: [, ...shape], data }) => ({
    shape,
    data: data.subarray(index * sizeOf(shape), (index + 1) * sizeOf(shape)),
  }))
