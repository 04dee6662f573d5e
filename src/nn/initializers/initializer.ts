import { type Key, uniform } from '../../random/index.ts'
import { formatShape, type Shape, ShapeError, sizeOf } from '../../tensor/index.ts'
import type { Config } from '../layer.ts'
import type { Weights } from '../variables.ts'

/**
 * How the numbers of a weight are drawn: a value, which goes into the manifest with the layer that has it.
 *
 * @example An initialiser of one's own:
 * const spike: Initializer = { kind: 'spike', config: {}, make: (_, shape) => new Float32Array(sizeOf(shape)).fill(1, 0, 1) }
 */
export interface Initializer {
  readonly kind: string
  readonly config: Config
  /**
   * Numbers of one weight, row-major: the same for the same key.
   *
   * @param shape `[out, in, …kernel]`; biases are `[out]`
   */
  make(key: Key, shape: Shape): Float32Array
}

/** How many inputs one output sums over, and how many outputs one input goes to. */
export interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

/**
 * Fans of a weight `[out, in, …kernel]`, as PyTorch counts them: transposed convolutions, whose weights are
 * `[in, out, …kernel]`, by the places of the axes too.
 *
 * @throws ShapeError where the shape has fewer than two axes
 */
export function fansOf(what: string, shape: Shape): Fans {
  const [out, into, ...kernel] = shape
  if (out === undefined || into === undefined)
    throw new ShapeError(
      `${what} needs a weight of at least two axes and got ${formatShape(shape)}: for biases there are zerosInit(), constantInit(), uniformInit() and normalInit()`,
    )
  return { fanIn: into * sizeOf(kernel), fanOut: out * sizeOf(kernel) }
}

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
