import { missingName } from '../data/table/names.ts'
import { UsageError } from '../errors.ts'
import { describeLayer } from '../nn/index.ts'
import { formatShape } from '../tensor/index.ts'
import type { Activation, InspectedLayer } from './activations.ts'

/** Layers that answer number by number, by what PyTorch calls them. */
export const NONLINEAR = /^(ReLU6?|LeakyReLU|ELU|SELU|GELU|SiLU|Mish|PReLU|Tanh|Sigmoid|Softplus)$/
const CONVOLUTION = /^Conv(Transpose)?[12]d$/

/** Whether what a layer puts out for a sample has places: `[channels, height, width]` or `[channels, length]`. */
export const hasMaps = ({ output }: Pick<InspectedLayer, 'output'>): boolean =>
  (output.length === 3 || output.length === 2) && output.slice(1).some((size) => size > 1)

/**
 * Which layers' feature maps are asked for.
 *
 * @param layers as `layersOf` lists them
 * @param wanted paths, or numbers that count the layers from 0 as `assay summary` lists them; `'all'`: every layer that has maps and no
 *   layers inside; default: the first two convolutions, each with the nonlinearity after it
 * @throws UsageError naming the layers there are where none has maps, a name is no layer, or a layer puts out no maps
 *
 * @example
 * featureLayers(layersOf(leNet5(), [1, 28, 28])).map(({ path }) => path) // ['conv1', 'act1', 'conv2', 'act2']
 */
export function featureLayers(
  layers: readonly InspectedLayer[],
  wanted?: 'all' | readonly string[],
): readonly InspectedLayer[] {
  const single = layers.filter(({ layer }) => layer.children === undefined)
  const mapped = single.filter(hasMaps)
  const convolutions = single.flatMap(({ layer }, place) => (CONVOLUTION.test(layer.kind) ? [place] : []))
  if (mapped.length === 0 || (wanted === undefined && convolutions.length === 0))
    throw new UsageError(
      `the model has ${mapped.length === 0 ? 'no layer whose output has places, so there are no feature maps' : 'no convolution: name layers by --layer'}; its layers are ${listed(single)}. For the numbers of any layer use activations() of assay/inspect; for the layers’ sizes, assay summary`,
    )
  if (wanted === 'all') return mapped
  if (wanted === undefined)
    return convolutions.slice(0, 2).flatMap((place) => [...single.slice(place, place + 1), ...after(single, place)])
  return wanted.map((name) => {
    const found = layers.find(({ path }) => path === name) ?? (/^\d+$/.test(name) ? single[Number(name)] : undefined)
    if (found === undefined)
      throw new UsageError(
        `${missingName(
          'the model',
          'layer',
          name,
          single.map(({ path }) => path),
        )}; numbers count them from 0`,
      )
    if (!hasMaps(found))
      throw new UsageError(
        `layer ${name}, ${describeLayer(found.layer)}, puts out ${formatShape(found.output)}, which is no map; maps come from ${listed(mapped)}`,
      )
    return found
  })
}

/**
 * The nonlinearity that follows a convolution, perhaps after a normalisation; at most one.
 *
 * @param layers without layers inside
 * @param place of the convolution among them
 */
export function after(layers: readonly InspectedLayer[], place: number): readonly InspectedLayer[] {
  const rest = layers.slice(place + 1)
  const next = rest.findIndex(({ layer }) => CONVOLUTION.test(layer.kind))
  const found = (next < 0 ? rest : rest.slice(0, next)).find(({ layer }) => NONLINEAR.test(layer.kind))
  const own = layers[place]
  return found !== undefined && own !== undefined && found.output.join() === own.output.join() ? [found] : []
}

/** Layers that a message names. */
const MOST = 12

const listed = (layers: readonly InspectedLayer[]): string =>
  [
    ...layers.slice(0, MOST).map(({ path, layer, output }) => `${path} (${layer.kind} ${output.join('×')})`),
    ...(layers.length > MOST ? [`${layers.length - MOST} more`] : []),
  ].join(', ')

/** How one channel answers one input. */
export interface ChannelStatistics {
  /** Place of the input among those that were given. */
  readonly input: number
  readonly channel: number
  readonly mean: number
  /** Mean of the values without their signs. */
  readonly magnitude: number
  readonly min: number
  readonly max: number
  /** Share of the values that are exactly 0, as a ReLU makes them. */
  readonly zeros: number
}

/**
 * Every channel's answer to every input in a few numbers.
 *
 * @example
 * channelStatistics(maps).filter(({ max }) => max === 0) // channels that are silent
 */
export function channelStatistics({ output, data }: Pick<Activation, 'output' | 'data'>): ChannelStatistics[] {
  const [channels = 1, ...places] = output
  const size = places.reduce((product, one) => product * one, 1)
  return Array.from({ length: data.length / size }, (_, i) => {
    const values = data.subarray(i * size, (i + 1) * size)
    let [sum, magnitude, zeros] = [0, 0, 0]
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of values) {
      sum += value
      magnitude += Math.abs(value)
      if (value === 0) zeros += 1
      if (value < min) min = value
      if (value > max) max = value
    }
    const input = Math.floor(i / channels)
    return {
      input,
      channel: i % channels,
      mean: sum / size,
      magnitude: magnitude / size,
      min,
      max,
      zeros: zeros / size,
    }
  })
}
