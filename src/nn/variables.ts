import { UsageError } from '../errors.ts'
import { formatShape, leavesOf, mapLeaves, type Shape, type Tensor } from '../tensor/index.ts'

/** Numbers of one parameter or buffer, on the host. */
export interface Weights {
  readonly shape: Shape
  readonly data: Float32Array
}

/** Weights by name, nested as the layers are. */
export interface WeightTree {
  readonly [name: string]: Weights | WeightTree
}

/** The same nesting, symbolic. */
export interface TensorTree {
  readonly [name: string]: Tensor | TensorTree
}

/** What a layer holds: parameters are trained, buffers (running statistics) are updated by the forward pass. */
export interface Variables {
  readonly parameters: WeightTree
  readonly buffers: WeightTree
}

export const isWeights = (value: unknown): value is Weights =>
  typeof value === 'object' && value !== null && 'data' in value && value.data instanceof Float32Array

/** Weights by PyTorch's dotted names (`0.weight`, `layer1.0.bn1.running_mean`), parameters before buffers. */
export type StateDict = Readonly<Record<string, Weights>>

/** Flattens variables to a state dict. */
export function stateDict({ parameters, buffers }: Variables): StateDict {
  const leaves = [...leavesOf(parameters, isWeights), ...leavesOf(buffers, isWeights)]
  return Object.fromEntries(leaves.map(({ path, leaf }) => [path, leaf]))
}

/**
 * Variables with the numbers of a state dict, for instance one that PyTorch saved.
 *
 * @throws UsageError naming the weights that are missing, unknown or of another shape.
 *   PyTorch's counters `num_batches_tracked` are passed over: nothing here needs them.
 */
export function loadStateDict(variables: Variables, dict: StateDict): Variables {
  const wanted = stateDict(variables)
  const missing = Object.keys(wanted).filter((name) => !(name in dict))
  const unknown = Object.keys(dict).filter((name) => !(name in wanted) && !name.endsWith('num_batches_tracked'))
  if (missing.length > 0 || unknown.length > 0)
    throw new UsageError(
      `the weights do not belong to this model: ${[
        ...(missing.length > 0 ? [`it needs ${missing.join(', ')}`] : []),
        ...(unknown.length > 0 ? [`it has no ${unknown.join(', ')}`] : []),
      ].join(' and ')}; load them into the model that they were saved from`,
    )
  const replace = (weights: Weights, path: string): Weights => {
    const given = dict[path] ?? weights
    if (given.shape.join() !== weights.shape.join())
      throw new UsageError(
        `the weights "${path}" have shape ${formatShape(given.shape)} but the model needs ${formatShape(weights.shape)}`,
      )
    if (given.data.length !== weights.data.length)
      throw new UsageError(
        `the weights "${path}" are ${given.data.length} numbers, but the shape ${formatShape(weights.shape)} holds ${weights.data.length}`,
      )
    return { shape: weights.shape, data: Float32Array.from(given.data) }
  }
  return {
    parameters: mapLeaves(variables.parameters, isWeights, replace),
    buffers: mapLeaves(variables.buffers, isWeights, replace),
  }
}

/** Number of trained numbers. */
export const parameterCount = ({ parameters }: Variables): number =>
  leavesOf(parameters, isWeights).reduce((sum, { leaf }) => sum + leaf.data.length, 0)
