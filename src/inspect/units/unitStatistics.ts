import { batches, type Dataset, feeder, storageTypeOf } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import type { TypedArray } from '../../tensor/index.ts'
import { type Inspected, type InspectedLayer, makeProbe, type Probe } from '../activations.ts'
import { type Histogram, type RunningHistogram, runningHistogram } from './histogram.ts'

/**
 * What a unit does over a split. `dead`: a ReLU that never lets anything through; `constant`: the same number for every sample;
 * `saturated`: almost always at a bound of its tanh or sigmoid, where there is no gradient.
 */
export type UnitState = 'alive' | 'dead' | 'constant' | 'saturated'

/** A unit over a split: a number of a dense layer, a channel over all places of a convolutional one. */
export interface UnitStatistics {
  readonly unit: number
  readonly mean: number
  /** Standard deviation over samples and places. */
  readonly sd: number
  readonly min: number
  readonly max: number
  /** Share of the values that are above 0. */
  readonly active: number
  /** Share of the values at a bound (within 1 % of the range), for layers that have one. */
  readonly saturated?: number
  readonly state: UnitState
}

/** A layer over a split. */
export interface LayerActivity extends InspectedLayer {
  readonly units: readonly UnitStatistics[]
  /** Of all values but exact zeros, which would hide the rest behind a ReLU. */
  readonly histogram: Histogram
  /** Share of the values that are exactly 0. */
  readonly zeros: number
  /** Mean activation of each unit for each class, `[classes, units]`; NaN for a class without samples. Absent without classes. */
  readonly classMeans?: Float64Array
}

export interface UnitStatisticsOptions {
  /** Labels of the data set's samples count as true; default true. Without, there are no means by class. */
  readonly labelled?: boolean
  /** Samples a call of the runtime; default 64. */
  readonly batch?: number
  /** Called between batches; what it throws ends the work. */
  onProgress?(done: number, total: number): void
}

/** Bounds at which the gradient vanishes, by layer. Those of ReLU6 at 0 say that it is off, as a ReLU's. */
const BOUNDS: Readonly<Record<string, { readonly low?: number; readonly high: number; readonly range: number }>> = {
  Tanh: { low: -1, high: 1, range: 2 },
  Sigmoid: { low: 0, high: 1, range: 1 },
  ReLU6: { high: 6, range: 6 },
}
/** How near to a bound is at it, as a share of the range. */
const NEAR = 0.01
/** From this share of its values at a bound on, a unit is called saturated. */
const MOSTLY = 0.95
const RECTIFIED = /^ReLU6?$/

/**
 * What the units of layers do over a split: means, spreads, dead and saturated ones, the distribution of each layer's values, and the mean
 * of each unit for each class. Samples pass batch by batch: nothing is kept of them.
 *
 * @param of a network, as `prepare` and `loadNetwork` give it
 * @param split as of `Samples`
 * @param paths of layers
 * @throws UsageError for a path that is no layer, or a split without samples
 *
 * @example
 * const [layer] = await unitStatistics(network, variables, samples, ['1'])
 * layer.units.filter(({ state }) => state === 'dead').length
 */
export async function unitStatistics(
  of: Inspected,
  variables: Variables,
  { dataset, indices }: { readonly dataset: Dataset; readonly indices: Uint32Array },
  paths: readonly string[],
  { labelled = true, batch = 64, onProgress }: UnitStatisticsOptions = {},
): Promise<LayerActivity[]> {
  if (indices.length === 0) throw new UsageError(`there is no sample of ${dataset.name} to look at: the split is empty`)
  const { inputs, targets } = dataset
  const type = { dtype: storageTypeOf(inputs), shape: inputs.shape }
  const classes = labelled && targets.task === 'classification' ? targets.classes.length : 0
  let probe: Probe | undefined
  let counters: readonly LayerCounter[] = []
  let done = 0
  try {
    for (const coming of feeder(dataset, batch)(batches(indices, batch, { shuffle: false }))) {
      onProgress?.(done, indices.length)
      const { size, inputs: samples, targets: labels } = await coming
      if (probe?.size !== size) {
        probe?.dispose()
        probe = await makeProbe(of, variables, type, paths, size)
      }
      if (counters.length === 0) counters = probe.layers.map((layer) => layerCounter(layer, classes))
      const outputs = await probe.run(samples)
      for (const [l, counter] of counters.entries()) counter.add(outputs[l] ?? new Float32Array(), labels)
      done += size
    }
  } finally {
    probe?.dispose()
  }
  return counters.map(({ read }) => read())
}

interface LayerCounter {
  add(values: TypedArray, labels: ArrayLike<number>): void
  read(): LayerActivity
}

function layerCounter(layer: InspectedLayer, classes: number): LayerCounter {
  const [units = 1, ...sizes] = layer.output
  const places = sizes.reduce((product, size) => product * size, 1)
  const bounds = BOUNDS[layer.layer.kind]
  const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = bounds
    ? [bounds.low === undefined ? undefined : bounds.low + NEAR * bounds.range, bounds.high - NEAR * bounds.range]
    : []
  const zeroed = () => new Float64Array(units)
  const [sums, squares, active, bound] = [zeroed(), zeroed(), zeroed(), zeroed()]
  const least = zeroed().fill(Number.POSITIVE_INFINITY)
  const most = zeroed().fill(Number.NEGATIVE_INFINITY)
  // Squares of distances from a unit's first value, which a mean far from 0 does not swallow.
  const origin = zeroed()
  const classSums = new Float64Array(classes * units)
  const classCounts = new Float64Array(classes)
  const histogram: RunningHistogram = runningHistogram()
  let [zeros, samples] = [0, 0]
  return {
    add: (values, labels) => {
      const count = values.length / (units * places)
      for (let s = 0; s < count; s++) {
        const label = labels[s] ?? 0
        for (let unit = 0; unit < units; unit++) {
          const begin = (s * units + unit) * places
          if (samples === 0 && s === 0) origin[unit] = Number(values[begin] ?? 0)
          const from = origin[unit] ?? 0
          let [sum, square, above, at, min, max] = [0, 0, 0, 0, least[unit] ?? 0, most[unit] ?? 0]
          for (let p = begin; p < begin + places; p++) {
            const value = Number(values[p] ?? 0)
            sum += value - from
            square += (value - from) ** 2
            if (value > 0) above++
            if (value <= low || value >= high) at++
            if (value < min) min = value
            if (value > max) max = value
            if (value === 0) zeros++
            else histogram.add(value)
          }
          sums[unit] = (sums[unit] ?? 0) + sum
          squares[unit] = (squares[unit] ?? 0) + square
          active[unit] = (active[unit] ?? 0) + above
          bound[unit] = (bound[unit] ?? 0) + at
          least[unit] = min
          most[unit] = max
          if (classes > 0)
            classSums[label * units + unit] = (classSums[label * units + unit] ?? 0) + sum / places + from
        }
        if (classes > 0) classCounts[label] = (classCounts[label] ?? 0) + 1
      }
      samples += count
    },
    read: () => {
      const values = samples * places
      return {
        ...layer,
        units: Array.from({ length: units }, (_, unit): UnitStatistics => {
          const away = (sums[unit] ?? 0) / values
          const [min, max] = [least[unit] ?? 0, most[unit] ?? 0]
          const saturated = (bound[unit] ?? 0) / values
          return {
            unit,
            mean: (origin[unit] ?? 0) + away,
            sd: Math.sqrt(Math.max(0, (squares[unit] ?? 0) / values - away ** 2)),
            ...{ min, max, active: (active[unit] ?? 0) / values },
            ...(bounds && { saturated }),
            state:
              RECTIFIED.test(layer.layer.kind) && max <= 0
                ? 'dead'
                : min === max
                  ? 'constant'
                  : bounds && saturated >= MOSTLY
                    ? 'saturated'
                    : 'alive',
          }
        }),
        histogram: histogram.read(),
        zeros: zeros / (values * units),
        ...(classes > 0 && {
          classMeans: classSums.map((sum, i) => sum / (classCounts[Math.floor(i / units)] ?? 0)),
        }),
      }
    },
  }
}
