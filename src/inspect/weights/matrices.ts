import { isWeights, type Variables, type Weights } from '../../nn/index.ts'
import { leavesOf, sizeOf } from '../../tensor/index.ts'
import type { InspectedLayer } from '../activations.ts'

/** A network's weights at one time, and what that time is called. */
export interface WeightSnapshot {
  /** As in `initial`, `best`, `final`, `epoch 3`. */
  readonly label: string
  readonly variables: Variables
  /** Epochs trained by then, where the time is to be an axis. */
  readonly epoch?: number
}

/** A trained tensor by its name. */
export interface NamedWeights extends Weights {
  /** As in the state dict: `0.weight`. */
  readonly name: string
  /** Of its layer; `''` for the model's own. */
  readonly path: string
}

/** A weight as a linear map: a row a unit that comes out, a column a number that it takes. */
export interface WeightMatrix {
  readonly rows: number
  readonly columns: number
  /** Row-major. */
  readonly data: Float32Array
}

/** The trained tensors of a network, in the order of its state dict. */
export const namedWeights = ({ parameters }: Variables): NamedWeights[] =>
  leavesOf(parameters, isWeights).map(({ path: name, leaf }) => ({
    name,
    path: name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '',
    ...leaf,
  }))

/** Whether a tensor is a linear map, and no bias, scale or shift. */
export const isMatrix = ({ shape }: Pick<Weights, 'shape'>): boolean => shape.length > 1

/**
 * A weight as a matrix `[out, rest]`: a convolution's kernels are rows. A transposed convolution keeps its weight as `[in, out, kernel]`,
 * which is turned round; in groups, a row is a channel of a group.
 *
 * @param layers as `layersOf` lists them
 */
export function weightMatrix({ shape, data, path }: NamedWeights, layers: readonly InspectedLayer[]): WeightMatrix {
  const [first = 1, second = 1, ...kernel] = shape
  const kind = layers.find((layer) => layer.path === path)?.layer.kind ?? ''
  if (!kind.startsWith('ConvTranspose')) return { rows: first, columns: data.length / first, data }
  const taps = sizeOf(kernel)
  const turned = new Float32Array(data.length)
  for (let input = 0; input < first; input++)
    for (let output = 0; output < second; output++)
      for (let tap = 0; tap < taps; tap++)
        turned[(output * first + input) * taps + tap] = data[(input * second + output) * taps + tap] ?? 0
  return { rows: second, columns: first * taps, data: turned }
}

/** Norm of each row. */
export const rowNorms = ({ rows, columns, data }: WeightMatrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, r) =>
    Math.sqrt(data.subarray(r * columns, (r + 1) * columns).reduce((sum, value) => sum + value * value, 0)),
  )
