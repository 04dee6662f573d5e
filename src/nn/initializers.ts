import { type Key, uniform } from '../random/index.ts'
import { type Shape, sizeOf } from '../tensor/index.ts'
import type { Weights } from './variables.ts'

/** All one value. */
export const filled = (shape: Shape, value: number): Weights => ({
  shape,
  data: new Float32Array(sizeOf(shape)).fill(value),
})

/**
 * Uniform in ±1/√fanIn, PyTorch's default for linear and convolutional layers, weights and biases alike
 * (`kaiming_uniform_` with a = √5; He et al. 2015, with LeCun's scale).
 *
 * @param fanIn inputs that one output sums over
 */
export function fanInUniform(key: Key, shape: Shape, fanIn: number): Weights {
  const bound = 1 / Math.sqrt(fanIn)
  return { shape, data: uniform(key, sizeOf(shape), { low: -bound, high: bound }) }
}
