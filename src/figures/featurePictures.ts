import { gather } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { type Activation, activations, featureLayers, layersOf } from '../inspect/index.ts'
import { argmax, type SplitPredictions, softmax } from '../metrics/index.ts'
import { stateDict } from '../nn/index.ts'
import type { LoadedNetwork, Samples, TestedModel } from '../runs/testModel/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { preparedShape } from '../train/index.ts'
import { type FeatureInput, type FeatureMaps, type FeatureMapsOptions, featureMaps } from './featureMaps.ts'
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

/** Samples to look at where nothing is said. */
const FEW = 4

/**
 * Positions of samples to look at: those that are given, the first of each class, or the first few.
 *
 * @throws UsageError where there is no such sample, or samples of each class are asked for and there are no classes
 */
export function chosenSamples(
  { indices, labelled, dataset: { targets }, name }: Samples,
  { inputs, perClass }: { readonly inputs?: readonly number[] | undefined; readonly perClass?: number | undefined },
): number[] {
  if (inputs !== undefined) {
    const beyond = inputs.find((input) => input >= indices.length)
    if (beyond === undefined) return [...inputs]
    throw new UsageError(`${name} has samples 0 to ${indices.length - 1}, and number ${beyond} is asked for`)
  }
  const hasClasses = labelled && targets.task === 'classification'
  if (perClass !== undefined && !hasClasses)
    throw new UsageError(`${name} has no classes: choose samples by their numbers, as in --inputs 0,5,17`)
  if (!hasClasses) return Array.from({ length: Math.min(FEW, indices.length) }, (_, i) => i)
  const wanted = perClass ?? 1
  return targets.classes.flatMap((_, label) => {
    const own: number[] = []
    for (let i = 0; i < indices.length && own.length < wanted; i++)
      if (targets.labels[indices[i] ?? 0] === label) own.push(i)
    return own
  })
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
  const indices = Uint32Array.from(chosen, (i) => samples.indices[i] ?? 0)
  const { inputs: data } = await gather(samples.dataset, indices)
  const { predictions } = await model.evaluate({ dataset: samples.dataset, indices })
  const inputs = chosen.map((position, i): FeatureInput => {
    const size = sizeOf(loaded.sample)
    const name = String(samples.origins?.values[position] ?? `sample ${position}`)
    return {
      data: data.slice(i * size, (i + 1) * size),
      shape: loaded.sample,
      name,
      caption: captionOf(name, samples, indices[i] ?? 0, predictions, i),
    }
  })
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

/** Lines under an input: which one it is, what it is, what the network says. */
function captionOf(
  name: string,
  { labelled, dataset: { targets } }: Samples,
  index: number,
  predictions: SplitPredictions,
  row: number,
): string[] {
  const which = name.length > 24 ? `…${name.slice(-23)}` : name
  if (predictions.task === 'regression' || targets.task === 'regression') return [which]
  const { classes, scores } = predictions
  const own = scores.subarray(row * classes, (row + 1) * classes)
  const [predicted = 0] = argmax(own, classes)
  const share = softmax(own, classes)[predicted] ?? Number.NaN
  return [
    labelled ? `${which}, is ${targets.classes[targets.labels[index] ?? 0] ?? ''}` : which,
    `predicted ${targets.classes[predicted] ?? predicted}, ${(100 * share).toFixed(0)} %`,
  ]
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
