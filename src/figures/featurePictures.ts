import { type Activation, activations, featureLayers, layersOf } from '../inspect/index.ts'
import { stateDict } from '../nn/index.ts'
import type { LoadedNetwork, Samples, TestedModel } from '../runs/testModel/index.ts'
import { preparedShape } from '../train/index.ts'
import { chosenInputs } from './chosenInputs.ts'
import { type FeatureMaps, type FeatureMapsOptions, featureMaps } from './featureMaps.ts'
import { filterSheet } from './filterSheet.ts'

/** One picture, what it is called, and its numbers. */
export interface FeaturePicture extends Omit<FeatureMaps, 'range'> {
  /** As a file's: `conv1`, `filters-conv1`. */
  readonly name: string
  /** The layer's path. */
  readonly layer: string
  /** All values, of feature maps. */
  readonly activation?: Activation
}

export interface FeaturePicturesOptions extends FeatureMapsOptions {
  /** As `featureLayers` takes them. */
  readonly layers?: 'all' | readonly string[]
}

/**
 * The feature maps of chosen samples, a sheet for each layer, and the filters of the first convolution.
 *
 * @param loaded network with its weights
 * @param model the same network as it predicts
 * @param samples as `fitSamples` gives them
 * @param chosen positions in `samples`
 * @throws UsageError where the model has no feature maps, or a layer is none
 *
 * @example
 * const pictures = await featurePictures(loaded, model, samples, [0, 5, 17], { layers: ['conv1'] })
 */
export async function featurePictures(
  loaded: Pick<LoadedNetwork, 'network' | 'variables' | 'sample' | 'target'>,
  model: TestedModel,
  samples: Samples,
  chosen: readonly number[],
  { layers, ...options }: FeaturePicturesOptions = {},
): Promise<FeaturePicture[]> {
  const { network, variables } = loaded
  const all = layersOf(network.model, preparedShape(network, loaded.sample))
  const wanted = featureLayers(all, layers)
  const { inputs, data } = await chosenInputs(loaded, model, samples, chosen)
  const found = await activations(
    network,
    variables,
    { data, shape: loaded.sample },
    wanted.map(({ path }) => path),
  )
  const pictures: FeaturePicture[] = []
  for (const activation of found) {
    const { range: _, ...picture } = await featureMaps(activation, inputs, options)
    const { path } = activation
    pictures.push({ name: path === '' ? 'model' : path, layer: path, activation, ...picture })
  }
  const first = all.find(({ layer }) => layer.kind === 'Conv2d')
  const weights = first && stateDict(variables)[`${first.path === '' ? '' : `${first.path}.`}weight`]
  if (first !== undefined && weights !== undefined)
    pictures.push({
      name: `filters-${first.path === '' ? 'model' : first.path}`,
      layer: first.path,
      ...(await filterSheet(first.path, weights, options)),
    })
  return pictures
}

/** All values of a layer as columns: input, channel, place, value. */
export function valueColumns({ output, data }: Activation) {
  const [channels = 1, height = 1, width = 1] = output
  const column = (of: (i: number) => number): Int32Array => Int32Array.from({ length: data.length }, (_, i) => of(i))
  return [
    { name: 'input', values: column((i) => Math.floor(i / (channels * height * width))) },
    { name: 'channel', values: column((i) => Math.floor(i / (height * width)) % channels) },
    ...(output.length === 3 ? [{ name: 'row', values: column((i) => Math.floor(i / width) % height) }] : []),
    {
      name: output.length === 3 ? 'column' : 'place',
      values: column((i) => i % (output.length === 3 ? width : height)),
    },
    { name: 'value', values: data },
  ]
}
