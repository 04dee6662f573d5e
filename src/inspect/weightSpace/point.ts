import { sha256 } from '../../data/sha256.ts'
import { isWeights, type Variables } from '../../nn/index.ts'
import { leavesOf } from '../../tensor/index.ts'
import { flattened } from '../lossFunction.ts'

/** A network as a point in weight space: trained numbers and running statistics, each end to end in the order of their names. */
export interface Point {
  readonly parameters: Float32Array
  readonly buffers: Float32Array
}

/** A copy of a network's numbers. */
export const pointOf = ({ parameters, buffers }: Variables): Point => ({
  parameters: flattened(parameters),
  buffers: flattened(buffers),
})

/** Writes a point into a network's own arrays, in place. */
export function placeIn({ parameters, buffers }: Variables, point: Point): void {
  for (const [tree, numbers] of [
    [parameters, point.parameters],
    [buffers, point.buffers],
  ] as const) {
    let at = 0
    for (const { leaf } of leavesOf(tree, isWeights)) {
      leaf.data.set(numbers.subarray(at, at + leaf.data.length))
      at += leaf.data.length
    }
  }
}

/** Equal for points of the same numbers, to the bit. */
export const fingerprintOf = ({ parameters, buffers }: Point): string => sha256(parameters, buffers)

/** Where each parameter's numbers lie in {@link Point.parameters}. */
export function placesOf({ parameters }: Pick<Variables, 'parameters'>): readonly Place[] {
  let at = 0
  return leavesOf(parameters, isWeights).map(({ path, leaf: { shape, data } }) => {
    const begin = at
    at += data.length
    return { name: path, shape, begin, end: at }
  })
}

/** Numbers from `begin` to before `end`. */
export interface Place {
  readonly name: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** Σ weight · numbers, each sum in float64. */
export function combination(terms: readonly (readonly [weight: number, numbers: Float32Array])[]): Float32Array {
  const [first] = terms
  const sums = new Float64Array(first?.[1].length ?? 0)
  for (const [weight, numbers] of terms)
    if (weight !== 0) for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (numbers[i] ?? 0)
  return Float32Array.from(sums)
}
