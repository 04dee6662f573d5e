import type { InspectedLayer } from '../activations.ts'
import { isMatrix, namedWeights, rowNorms, type WeightSnapshot, weightMatrix } from './matrices.ts'
import { type WeightSpectrum, weightSpectrum } from './spectrum.ts'

/** A trained tensor at one time, in numbers. */
export interface WeightStatistics {
  /** As in the state dict: `0.weight`. */
  readonly name: string
  /** Of the snapshot. */
  readonly label: string
  readonly epoch?: number
  readonly shape: readonly number[]
  readonly count: number
  readonly mean: number
  readonly sd: number
  readonly min: number
  readonly max: number
  /** Euclidean length of all numbers. */
  readonly norm: number
  /** Share of the numbers that are exactly 0. */
  readonly zeros: number
  /** Share of the numbers that are smaller than 1 % of the largest. */
  readonly small: number
  /** For linear maps: how many units take next to nothing in, going by their weights: less than 0.1 % of the largest norm of a unit. */
  readonly deadUnits?: number
  readonly spectrum?: WeightSpectrum
}

const SMALL = 0.01
const DEAD = 1e-3

/**
 * Every trained tensor of every snapshot in numbers: size, spread, sparsity, dead units and singular values.
 *
 * @param layers as `layersOf` lists them
 * @param check called between tensors; what it throws ends the work
 *
 * @example
 * const [first] = await weightStatistics([{ label: 'final', variables }], layersOf(model, [1, 28, 28]))
 */
export async function weightStatistics(
  snapshots: readonly WeightSnapshot[],
  layers: readonly InspectedLayer[],
  check: () => void = () => {},
): Promise<WeightStatistics[]> {
  const found: WeightStatistics[] = []
  for (const { label, epoch, variables } of snapshots)
    for (const weights of namedWeights(variables)) {
      check()
      const { name, shape, data } = weights
      const count = data.length
      const mean = data.reduce((sum, value) => sum + value, 0) / count
      const [min, max] = data.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
      ] as [number, number])
      const largest = Math.max(Math.abs(min), Math.abs(max))
      const share = (is: (value: number) => boolean): number =>
        data.reduce((sum, value) => sum + (is(value) ? 1 : 0), 0) / count
      found.push({
        ...{ name, label, shape, count, mean, min, max },
        ...(epoch !== undefined && { epoch }),
        sd: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count),
        norm: Math.sqrt(data.reduce((sum, value) => sum + value * value, 0)),
        zeros: share((value) => value === 0),
        small: share((value) => Math.abs(value) < SMALL * largest),
        ...(isMatrix(weights) && (await asMap(weightMatrix(weights, layers)))),
      })
    }
  return found
}

async function asMap(matrix: Parameters<typeof rowNorms>[0]) {
  const norms = rowNorms(matrix)
  const least = DEAD * norms.reduce((a, b) => Math.max(a, b), 0)
  const spectrum = await weightSpectrum(matrix)
  return { deadUnits: norms.filter((norm) => norm <= least).length, ...(spectrum && { spectrum }) }
}
