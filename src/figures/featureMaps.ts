import { UsageError } from '../errors.ts'
import { type Activation, type ChannelStatistics, channelStatistics } from '../inspect/index.ts'
import { describeLayer } from '../nn/index.ts'
import { formatShape } from '../tensor/index.ts'
import { block, sheet, short, strip, tileOfValues } from './featureSheet.ts'
import type { Row } from './figure.ts'
import { diverging } from './filterGrid.ts'
import { extent, type GridImage, tileOf } from './imageGrid.ts'
import type { Rgb, Tile } from './raster.ts'

/** An input as it is stored, `[channels, height, width]` or `[channels, length]`, and what is to be said of it. */
export interface FeatureInput {
  readonly data: Uint8Array | Float32Array
  readonly shape: readonly number[]
  /** Name in the table, such as a file or a number in a split. */
  readonly name: string
  /** Short lines beside the maps. */
  readonly caption: readonly string[]
}

/** A sheet of feature maps, its numbers, and what it says. */
export interface FeatureMaps {
  readonly png: Uint8Array
  readonly rows: readonly Row[]
  readonly sentence: string
  /** Values of the two ends of the colour scale. */
  readonly range: readonly [number, number]
}

export interface FeatureMapsOptions {
  /** At most this many channels, from the first. Default 64. */
  readonly limit?: number
}

/**
 * What a layer puts out for some inputs: each input with its channels, all on one colour scale. Where there are negative values zero is
 * white, negative blue and positive orange; where there are none (after a ReLU) zero is white and more is darker. Pixels are enlarged by
 * whole factors; sequences are strips, of which long ones show means.
 *
 * @param activation of a layer that has maps
 * @param inputs that it was computed for, in the same order
 * @throws UsageError when the layer has no maps, or there are no inputs
 *
 * @example
 * const [maps] = await activations(network, variables, { data, shape: [1, 28, 28] }, ['conv1'])
 * const { png, sentence } = await featureMaps(maps, [{ data, shape: [1, 28, 28], name: 'test 0', caption: ['0: a 7'] }])
 */
export async function featureMaps(
  activation: Activation,
  inputs: readonly FeatureInput[],
  { limit = 64 }: FeatureMapsOptions = {},
): Promise<FeatureMaps> {
  const { output, data, path, layer } = activation
  const [channels = 0, height = 0, width] = output
  if (inputs.length === 0 || (output.length !== 2 && output.length !== 3))
    throw new UsageError(
      `layer ${path} puts out ${formatShape(output)} for ${inputs.length} inputs: feature maps are [channels, height, width] or [channels, length] of one input or more`,
    )
  const isSequence = width === undefined
  const [low, high] = extent([data])
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const colour =
    low < 0
      ? (v: number) => diverging(largest > 0 ? v / largest : 0)
      : (v: number) => sequential(largest > 0 ? v / largest : 0)
  const range = [low < 0 ? -largest : 0, largest] as const
  const shown = Math.min(limit, channels)
  const size = height * (width ?? 1)
  const mapOf = (input: number, channel: number): Tile => {
    const begin = (input * channels + channel) * size
    const values = data.subarray(begin, begin + size)
    return isSequence ? strip(values, colour) : tileOfValues(values, height, width, colour)
  }
  const images = inputs.map(asImage)
  const inputRange = extent(images.map((image) => image.data))
  const blocks = images.map((image, i) =>
    block(
      isSequence ? strip(image.data, grey(inputRange)) : tileOf(image, inputRange),
      Array.from({ length: shown }, (_, c) => mapOf(i, c)),
      inputs[i]?.caption ?? [],
      isSequence,
    ),
  )
  const places = isSequence ? `${height} values` : `${height} × ${width}`
  const title = `${path === '' ? 'the model' : path}: ${describeLayer(layer)}, ${channels} maps of ${places}${shown < channels ? `, the first ${shown} shown` : ''}`
  const statistics = channelStatistics(activation)
  return {
    png: await sheet(title, blocks, range, colour, 'maps'),
    rows: statistics.map(({ input, ...rest }) => ({
      input: inputs[input]?.name ?? String(input),
      layer: path,
      ...rest,
    })),
    sentence: sentenceOf(activation, statistics, { inputs: inputs.length, places, range: [low, high] }),
    range,
  }
}

/** From white over orange to brown, darker all the way: readable in grey, and with the orange of {@link diverging} for positive. */
const RAMP: readonly [Rgb, Rgb, Rgb, Rgb] = [
  [255, 255, 255],
  [253, 184, 99],
  [179, 88, 6],
  [60, 20, 0],
]

/** The colour of a value from 0 to 1; NaN is a blue that no number gives. */
export function sequential(value: number): Rgb {
  if (Number.isNaN(value)) return [0, 0, 255]
  const at = Math.min(1, Math.max(0, value)) * (RAMP.length - 1)
  const [from, to] = [RAMP[Math.floor(at)] ?? RAMP[0], RAMP[Math.ceil(at)] ?? RAMP[3]]
  const mix = (a: number, b: number) => Math.round(a + (b - a) * (at - Math.floor(at)))
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])]
}

const grey =
  ([low, high]: readonly [number, number]) =>
  (value: number): Rgb => {
    const level = high > low ? Math.round((255 * (value - low)) / (high - low)) : 128
    return [level, level, level]
  }

/** Inputs of other than one or three channels are shown as the mean of theirs. */
export function asImage({ data, shape }: Pick<FeatureInput, 'data' | 'shape'>): GridImage {
  const [channels = 1, height = 1, width] = shape
  if (width !== undefined && (channels === 1 || channels === 3)) return { data, shape: [channels, height, width] }
  const [tall, wide] = width === undefined ? [1, height] : [height, width]
  if (channels === 1) return { data, shape: [1, tall, wide] }
  const plane = tall * wide
  const mean = Float32Array.from({ length: plane }, (_, i) => {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += data[c * plane + i] ?? 0
    return sum / channels
  })
  return { data: mean, shape: [1, tall, wide] }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

function sentenceOf(
  { path, output }: Activation,
  statistics: readonly ChannelStatistics[],
  {
    inputs,
    places,
    range,
  }: { readonly inputs: number; readonly places: string; readonly range: readonly [number, number] },
): string {
  const [channels = 1] = output
  const of = (channel: number) => statistics.filter((one) => one.channel === channel)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const strength = Array.from({ length: channels }, (_, c) => mean(of(c).map(({ magnitude }) => magnitude)))
  const silent = Array.from({ length: channels }, (_, c) => c).filter((c) =>
    of(c).every(({ min, max }) => min === 0 && max === 0),
  )
  const [most, least] = [strength.indexOf(Math.max(...strength)), strength.indexOf(Math.min(...strength))]
  const zeros = mean(statistics.map((one) => one.zeros))
  const what = `${path === '' ? 'The model' : path} makes ${channels} maps of ${places} of ${inputs === 1 ? 'the input' : `each of ${inputs} inputs`}, with values from ${short(range[0])} to ${short(range[1])}${zeros > 0 ? `, ${percent(zeros)} of them exactly 0` : ''}`
  const who =
    channels === 1
      ? ''
      : `; channel ${most} answers most (mean magnitude ${short(strength[most] ?? 0)}) and channel ${least} least (${short(strength[least] ?? 0)})`
  const dead =
    silent.length === 0
      ? ''
      : `; ${silent.length === 1 ? `channel ${silent[0]} is` : `${silent.length} channels (${silent.slice(0, 8).join(', ')}${silent.length > 8 ? ', …' : ''}) are`} 0 everywhere`
  return `${what}${who}${dead}.`
}
