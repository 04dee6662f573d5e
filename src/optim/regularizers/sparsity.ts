import { type ParameterValues, weightsOrLike } from './regularizer.ts'
import { unitsOf } from './units.ts'

/** How many of some things are exactly 0. */
export interface Zeros {
  readonly zeros: number
  readonly count: number
  /** zeros / count; 0 where there is nothing. */
  readonly share: number
}

/** Weights that are exactly 0, and units (rows of linear layers, filters of convolutions) all of whose weights are. */
export interface Sparsity {
  readonly weights: Zeros
  readonly units: Zeros
  readonly parameters: readonly { readonly path: string; readonly weights: Zeros; readonly units: Zeros }[]
}

/**
 * Counts the zeros that regularisation has brought about.
 *
 * @param parameters of a network
 * @param pattern of the names of those that count, `*` standing for any run of characters; default: the weights, that is the
 *   parameters of two axes or more
 * @example
 * sparsity([{ path: 'weight', shape: [2, 2], data: Float32Array.of(0, 0, 0, 1) }]).units.share // 0.5
 */
export function sparsity(parameters: readonly ParameterValues[], pattern?: string): Sparsity {
  const counted = weightsOrLike(pattern, parameters).map(countZeros)
  return {
    weights: total(counted.map(({ weights }) => weights)),
    units: total(counted.map(({ units }) => units)),
    parameters: counted,
  }
}

function countZeros({ path, shape, data }: ParameterValues): Sparsity['parameters'][number] {
  const { count, size } = unitsOf({ shape })
  let [zeros, zeroUnits] = [0, 0]
  for (let unit = 0; unit < count; unit++) {
    let inside = 0
    for (let i = unit * size; i < (unit + 1) * size; i++) if (data[i] === 0) inside += 1
    zeros += inside
    if (inside === size) zeroUnits += 1
  }
  return { path, weights: zerosOf(zeros, data.length), units: zerosOf(zeroUnits, count) }
}

const zerosOf = (zeros: number, count: number): Zeros => ({ zeros, count, share: count === 0 ? 0 : zeros / count })

const total = (parts: readonly Zeros[]): Zeros =>
  zerosOf(
    parts.reduce((sum, { zeros }) => sum + zeros, 0),
    parts.reduce((sum, { count }) => sum + count, 0),
  )
