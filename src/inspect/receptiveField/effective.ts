import { gradients } from '../../autodiff/index.ts'
import type { Inputs } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { applyModel, isWeights, type Variables } from '../../nn/index.ts'
import { compile } from '../../runtime/index.ts'
import {
  abs,
  formatShape,
  leavesOf,
  mapLeaves,
  reduceSum,
  type Shape,
  sizeOf,
  slice,
  type Tensor,
  type TensorType,
} from '../../tensor/index.ts'
import { byPath, type Inspected, samplesIn, unknown } from '../activations.ts'
import { type Pair, placesOf } from './theoretical.ts'

/** What one place of a layer does depend on, by the gradients of samples. */
export interface EffectiveField {
  readonly path: string
  /** Which number of the layer's map; absent where its output has no places, and all of its numbers are taken. */
  readonly place?: Pair
  /** Height and width of the input; a sequence has a height of 1. */
  readonly image: Pair
  /** `[height, width]`: mean over the samples of the gradient's magnitude, summed over the input's channels. */
  readonly map: Float64Array
  /** Side of a square, or length of a stretch of a sequence, of as many positions as have a gradient of at least 4.55 % of the largest. */
  readonly size: number
}

export interface EffectiveOptions {
  /** One channel or unit in place of the sum over all. */
  readonly channel?: number
  /** Number of the layer's map; default the middle one. */
  readonly place?: Pair
  /** Samples a call of the runtime; default 32. */
  readonly batch?: number
}

/** 1 − 95.45 %: what is left beyond two standard deviations, Luo and others' bound. */
const FAINT = 1 - 0.9545

/**
 * Effective receptive fields: how strongly the middle of a layer's map depends on each input position, as the magnitude of the gradient
 * of the sum over its channels with respect to the prepared input, averaged over samples (Luo, Li, Urtasun and Zemel, 2016,
 * https://arxiv.org/abs/1701.04128). Dropout is off.
 *
 * @param of a network, as `prepare` and `loadNetwork` give it; or `{ model }` alone, for samples that are prepared already
 * @param inputs samples as they are stored, images or sequences
 * @param paths of layers
 * @throws UsageError for a path that is no layer, a channel or place that is not there, or samples without places
 *
 * @example
 * const [field] = await effectiveFields({ model }, variables, { data: images, shape: [1, 28, 28] }, ['3'])
 * field.map // 784 numbers, largest around the middle
 */
export async function effectiveFields(
  of: Inspected,
  variables: Variables,
  inputs: Inputs,
  paths: readonly string[],
  { batch = 32, ...options }: EffectiveOptions = {},
): Promise<EffectiveField[]> {
  const samples = samplesIn(inputs)
  const width = sizeOf(inputs.shape)
  const { parameters, buffers } = variables
  const weights = [...leavesOf(parameters, isWeights), ...leavesOf(buffers, isWeights)].map(({ leaf }) => leaf.data)
  let found: readonly Found[] = []
  let sums: readonly Float64Array[] = []
  for (let begin = 0; begin < samples; begin += batch) {
    const size = Math.min(batch, samples - begin)
    const dtype = inputs.data instanceof Uint8Array ? ('uint8' as const) : ('float32' as const)
    const program = await compile(
      (own, statistics, x: Tensor) => {
        const made = symbolicFields(of, { own, statistics }, x, paths, options)
        found = made.map(({ map: _, ...rest }) => rest)
        return made.map(({ map }) => map)
      },
      mapLeaves(parameters, isWeights, typeOf),
      mapLeaves(buffers, isWeights, typeOf),
      { dtype, shape: [size, ...inputs.shape] },
    )
    const maps = await program.runFlat([...weights, inputs.data.subarray(begin * width, (begin + size) * width)])
    if (begin === 0) sums = maps.map((map) => new Float64Array(map.length))
    for (const [l, sum] of sums.entries())
      for (const [i, value] of (maps[l] ?? []).entries()) sum[i] = (sum[i] ?? 0) + value
    program.dispose()
  }
  return found.map((one, l) => {
    const map = (sums[l] ?? new Float64Array()).map((sum) => sum / samples)
    const faint = FAINT * map.reduce((a, b) => Math.max(a, b), 0)
    const count = map.reduce((sum, value) => sum + (value > 0 && value >= faint ? 1 : 0), 0)
    return { ...one, map, size: one.image[0] === 1 ? count : Math.sqrt(count) }
  })
}

type Found = Omit<EffectiveField, 'map' | 'size'>

const typeOf = ({ shape }: { readonly shape: Shape }): TensorType => ({ dtype: 'float32', shape })

/** The maps of one batch, summed over it. */
function symbolicFields(
  { model, prepare = (x) => x }: Inspected,
  {
    own,
    statistics,
  }: { readonly own: Parameters<typeof applyModel>[1]; readonly statistics: Parameters<typeof applyModel>[1] },
  x: Tensor,
  paths: readonly string[],
  options: Omit<EffectiveOptions, 'batch'>,
): (Found & { readonly map: Tensor })[] {
  const input = prepare(x)
  const image = placesOf(input.shape.slice(1))
  const known = byPath(applyModel(model, own, input, { buffers: statistics }).calls)
  return paths.map((path) => {
    const { output } = known.get(path) ?? unknown(path, known)
    const { numbers, place } = taken(path, output, options)
    const slope = abs(gradients(reduceSum(numbers), input))
    return { path, image, ...(place && { place }), map: reduceSum(slope, { axes: [0, 1] }) }
  })
}

/** The numbers of an output whose gradient is asked for. */
function taken(path: string, output: Tensor, { channel, place: wanted }: Omit<EffectiveOptions, 'batch'>) {
  const shape = output.shape.slice(1)
  const [channels = 1, ...sizes] = shape
  if (channel !== undefined && (!Number.isInteger(channel) || channel < 0 || channel >= channels))
    throw new UsageError(
      `layer ${path} puts out ${formatShape(shape)} and has no channel ${channel}: give 0 to ${channels - 1}`,
    )
  const channelRange = channel === undefined ? [0, channels] : [channel, channel + 1]
  const hasPlaces = sizes.length === 1 || sizes.length === 2
  const [height = 1, width = 1] = sizes.length === 1 ? [1, ...sizes] : sizes
  const place: Pair = wanted ?? [Math.floor((height - 1) / 2), Math.floor((width - 1) / 2)]
  if (hasPlaces && !(isWithin(place[0], height) && isWithin(place[1], width)))
    throw new UsageError(`layer ${path} puts out ${formatShape(shape)} and has no place ${place.join(', ')}`)
  const ranges = [channelRange, ...(hasPlaces ? place.slice(2 - sizes.length).map((at) => [at, at + 1]) : [])]
  const numbers = slice(output, {
    axes: ranges.map((_, i) => i + 1),
    starts: ranges.map(([begin = 0]) => begin),
    ends: ranges.map(([, end = 0]) => end),
  })
  return { numbers, ...(hasPlaces && { place }) }
}

const isWithin = (at: number, size: number): boolean => Number.isInteger(at) && at >= 0 && at < size
