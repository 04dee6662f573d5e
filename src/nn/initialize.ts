import type { Key } from '../random/index.ts'
import { type DType, mapLeaves, placeholder, type Shape } from '../tensor/index.ts'
import { applyModel, naming } from './context.ts'
import type { Layer } from './layer.ts'
import { isWeights, type TensorTree, type Variables, type WeightTree } from './variables.ts'

/** Weights as symbolic inputs of the same shapes. */
export const symbolic = (weights: WeightTree): TensorTree =>
  mapLeaves(weights, isWeights, ({ shape }, path) => placeholder(path, { dtype: 'float32', shape }))

/** The shape that comes out of a layer for a shape that goes in, worked out by applying it symbolically. */
export function outputShape(layer: Layer, variables: Variables, input: Shape, dtype: DType = 'float32'): Shape {
  const x = placeholder('x', { dtype, shape: input })
  const { parameters, buffers } = variables
  return applyModel(layer, symbolic(parameters), x, { buffers: symbolic(buffers) }).output.shape
}

/**
 * New variables for a model.
 *
 * @param sample shape of one sample, without the batch axis
 * @throws ShapeError naming the layer that cannot take what comes in
 * @example
 * const variables = initialize(sequential(flatten(), linear(10)), key(0), [1, 28, 28])
 */
export function initialize(model: Layer, key: Key, sample: Shape): Variables {
  const input = [1, ...sample]
  const variables = naming('', model, { shape: input }, () => model.init(key, input))
  outputShape(model, variables, input)
  return variables
}
