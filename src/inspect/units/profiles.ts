import type { Dataset, Inputs } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import { formatShape, sizeOf } from '../../tensor/index.ts'
import { activations, type Inspected, type InspectedLayer } from '../activations.ts'
import { dataSummary } from '../dataSummary.ts'

/** What the units of a layer put out for inputs, in the inputs' order. */
export interface Profile extends InspectedLayer {
  readonly units: number
  /** `[inputs, units]`; of maps, the mean over the places. */
  readonly data: Float32Array
}

/**
 * How the units of layers answer inputs: numbers of dense layers as they are, channels as their mean over all places.
 *
 * @param of a network, as `prepare` and `loadNetwork` give it
 * @param inputs samples as they are stored
 * @param paths of layers
 *
 * @example
 * const [hidden] = await profiles(network, variables, inputGrid([-1, 1], 200), ['1'])
 * hidden.data // [200, units]: activation against x
 */
export async function profiles(
  of: Inspected,
  variables: Variables,
  inputs: Inputs,
  paths: readonly string[],
): Promise<Profile[]> {
  return (await activations(of, variables, inputs, paths)).map(({ data, ...layer }) => {
    const [units = 1, ...sizes] = layer.output
    const places = sizeOf(sizes)
    const mean = (i: number): number =>
      data.subarray(i * places, (i + 1) * places).reduce((sum, v) => sum + v, 0) / places
    return { ...layer, units, data: Float32Array.from({ length: data.length / places }, (_, i) => mean(i)) }
  })
}

/**
 * Evenly spaced samples of one number, both ends included.
 *
 * @param steps at least 2
 * @example
 * inputGrid([0, 1], 3).data // [0, 0.5, 1]
 */
export const inputGrid = ([low, high]: readonly [number, number], steps: number): Inputs => ({
  data: Float32Array.from({ length: steps }, (_, i) => low + ((high - low) * i) / (steps - 1)),
  shape: [1],
})

/**
 * The smallest and the largest input of a split whose samples are one number each.
 *
 * @throws UsageError where samples have more numbers
 */
export async function inputRange(dataset: Dataset, indices: Uint32Array): Promise<[number, number]> {
  const { shape } = dataset.inputs
  if (sizeOf(shape) !== 1)
    throw new UsageError(`samples of ${formatShape(shape)} lie along no line: a range is of samples of one number`)
  const { min, max } = await dataSummary({ dataset, indices })
  return [min[0] ?? Number.NaN, max[0] ?? Number.NaN]
}

/**
 * Units whose answers vary most over the inputs, the most varying first.
 *
 * @example
 * liveliest(profile, 6)
 */
export function liveliest({ units, data }: Pick<Profile, 'units' | 'data'>, count: number): number[] {
  const spread = Array.from({ length: units }, (_, unit) => {
    const values = Float64Array.from({ length: data.length / units }, (_value, i) => data[i * units + unit] ?? 0)
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length
    return { unit, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) }
  })
  return spread
    .sort((a, b) => b.variance - a.variance)
    .slice(0, count)
    .map(({ unit }) => unit)
}
