import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import type { Application, Variables } from '../../nn/index.ts'
import { argMax, cast, reduceMax, reshape, type Shape, type Tensor } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { type Inspected, type InspectedLayer, layersOf } from '../activations.ts'
import { boxOf, type FieldBox, type Pair, theoreticalFields } from '../receptiveField/index.ts'
import { type StrongestOptions, type StrongSample, strongest } from './strongest.ts'

/** A sample that excites a channel strongly, and where. */
export interface TopSample extends StrongSample {
  /** What of the input the channel sees there; absent where that is the whole input. */
  readonly box?: FieldBox
}

/** The samples that excite each channel of a layer most. */
export interface TopSamples {
  readonly layer: InspectedLayer
  /** For each channel, the strongest first. */
  readonly channels: readonly (readonly TopSample[])[]
}

/**
 * The samples of a split that excite each channel of a layer most, by the largest value of its map, with the part of the input that the channel sees
 * there. Units of dense layers are channels of one value.
 *
 * @param path - of the layer
 * @throws UsageError where there is no such layer
 *
 * @example
 * const { channels } = await topSamples(network, variables, samples, 'conv2', { k: 9 })
 * channels[3][0] // { position: 417, value: 8.1, place: 40, box: { top: 2, left: 9, height: 14, width: 14 } }
 */
export async function topSamples(
  of: Inspected,
  variables: Variables,
  samples: Parameters<typeof strongest>[2],
  path: string,
  options: StrongestOptions = {},
): Promise<TopSamples> {
  const sample = samples.dataset.inputs.shape
  const prepared = preparedShape({ model: of.model, prepare: of.prepare ?? ((x) => x) }, sample)
  const layers = layersOf(of.model, prepared)
  const layer = layers.find((one) => one.path === path)
  if (layer === undefined) {
    const paths = layers.map((one) => one.path).filter((one) => one !== '')
    throw new UsageError(missingName('the model', 'layer', path, paths))
  }
  const found = await strongest(
    of,
    variables,
    samples,
    (application) => strongestPlaces(outputOf(application, path)),
    options,
  )
  const boxed = boxes(of, layer, prepared, sample)
  return {
    layer,
    channels: found.map((best) =>
      best.map((one) => {
        const box = boxed?.(one.place)
        return { ...one, ...(box && { box }) }
      }),
    ),
  }
}

/**
 * What a layer put out, by its path.
 *
 * @throws UsageError where there is no such layer
 */
export function outputOf({ calls }: Application, path: string): Tensor {
  const call = calls.findLast((one) => one.path === path)
  if (call !== undefined) return call.output
  const paths = calls.map((one) => one.path).filter((one) => one !== '')
  throw new UsageError(missingName('the model', 'layer', path, paths))
}

/** The largest value of each channel, and where it is. */
function strongestPlaces(output: Tensor): { readonly scores: Tensor; readonly places: Tensor } {
  const [batch = 1, channels = 1, ...places] = output.shape
  const maps = reshape(output, [batch, channels, places.reduce((product, size) => product * size, 1)])
  return { scores: reduceMax(maps, { axes: [2] }), places: cast(argMax(maps, 2), 'float32') }
}

/** What a channel sees at each place; undefined where that is everything, or the preparation has moved what there is to see. */
function boxes(
  of: Inspected,
  { path, output }: InspectedLayer,
  prepared: Shape,
  sample: Shape,
): ((place: number) => FieldBox) | undefined {
  const isPlaced = (sample.length === 3 || sample.length === 2) && prepared.slice(1).join() === sample.slice(1).join()
  if (!isPlaced || output.length !== sample.length) return undefined
  const image: Pair = sample.length === 3 ? [sample[1] ?? 1, sample[2] ?? 1] : [1, sample[1] ?? 1]
  const field = theoreticalFields(of.model, prepared).find((one) => one.path === path)
  if (field === undefined || !field.isPlaced || (field.size[0] >= image[0] && field.size[1] >= image[1]))
    return undefined
  const width = output.length === 3 ? (output[2] ?? 1) : (output[1] ?? 1)
  return (place) => boxOf(field, [Math.floor(place / width), place % width], image)
}
