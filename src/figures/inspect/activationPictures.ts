import { UsageError } from '../../errors.ts'
import { inputGrid, inputRange, layersOf, profiles, unitLayers, unitStatistics } from '../../inspect/index.ts'
import type { LoadedNetwork, Samples, TestedModel } from '../../runs/testModel/index.ts'
import { namedClasses } from '../../runs/testModel/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { chosenInputs, chosenSamples } from '../chosenInputs.ts'
import type { Figure } from '../figure.ts'
import type { NamedPicture } from './namedPicture.ts'
import { profileLines, profileMap } from './profileFigures.ts'
import { activationHistograms, classMeansFigure, unitStatesFigure } from './unitFigures.ts'

export interface ActivationPicturesOptions {
  /** As `unitLayers` takes them; default: the activations and the last layer. */
  readonly layers?: 'all' | readonly string[] | undefined
  /** Units whose profiles are drawn as lines; default the eight that vary most. */
  readonly units?: readonly number[] | undefined
  /** Inputs whose profiles are drawn where inputs are more than one number; by default one of each class, or the first four. */
  readonly inputs?: readonly number[] | undefined
  readonly perClass?: number | undefined
  /** Among which samples they are counted; default: those that statistics are over. */
  readonly chosenFrom?: Samples | undefined
  /** Points along a single input number; default 200. */
  readonly steps?: number | undefined
  /** Called between batches; what it throws ends the work. */
  onProgress?(task: string, share: number): void
}

/** Layers whose own pictures are drawn; their numbers are all told. */
const MOST = 12

/**
 * What a network's units do over samples and for chosen inputs: states, distributions, means by class, and profiles, which are against x
 * where an input is one number.
 *
 * @throws UsageError for layers, units or inputs that are not there
 *
 * @example
 * const { pictures } = await activationPictures(loaded, model, samples)
 */
export async function activationPictures(
  loaded: LoadedNetwork,
  model: TestedModel,
  samples: Samples,
  options: ActivationPicturesOptions = {},
): Promise<{ readonly pictures: readonly NamedPicture[]; readonly notes: readonly string[] }> {
  const { network, variables, sample } = loaded
  const { onProgress, units, steps = 200 } = options
  const layers = unitLayers(layersOf(network.model, preparedShape(network, sample)), options.layers)
  const paths = layers.map(({ path }) => path)
  for (const { path, output } of layers) {
    const beyond = units?.find((unit) => unit >= (output[0] ?? 1))
    if (beyond !== undefined && options.layers !== undefined)
      throw new UsageError(`layer ${path} has units 0 to ${(output[0] ?? 1) - 1}, and number ${beyond} is asked for`)
  }
  const pictures: NamedPicture[] = []
  const add = (name: string, picture: Figure): void => {
    pictures.push({ name, sentence: picture.alt, picture })
  }
  const found = await unitStatistics(network, variables, samples, paths, {
    labelled: samples.labelled,
    onProgress: (done, total) => onProgress?.('activations', done / total),
  })
  add('units', unitStatesFigure(found, samples.name))
  add('distributions', activationHistograms(found, samples.name))
  const few = <T>(all: readonly T[]): readonly T[] => (options.layers === undefined ? all.slice(-MOST) : all)
  const classes = namedClasses(model, samples)
  for (const layer of few(found))
    if (layer.classMeans !== undefined) add(`classes-${file(layer.path)}`, await classMeansFigure(layer, classes))
  onProgress?.('profiles', 1)
  if (sizeOf(sample) === 1) {
    const range = await inputRange(samples.dataset, samples.indices)
    const grid = inputGrid(range, steps)
    const x = Float32Array.from(grid.data)
    for (const profile of few(await profiles(network, variables, { ...grid, shape: sample }, paths))) {
      const own = units?.filter((unit) => unit < profile.units)
      add(`profile-${file(profile.path)}`, profileLines(profile, x, own?.length === 0 ? undefined : own))
      if (profile.units > 8)
        add(
          `profile-map-${file(profile.path)}`,
          await profileMap(profile, { title: 'x, as it is stored', range, count: steps }),
        )
    }
  } else {
    const from = options.chosenFrom ?? samples
    const { inputs, data } = await chosenInputs(loaded, model, from, chosenSamples(from, options))
    const names = inputs.map(({ caption, name }) => caption[0]?.replace(`${name}, is `, '') ?? name)
    for (const profile of few(await profiles(network, variables, { data, shape: sample }, paths)))
      add(`profile-map-${file(profile.path)}`, await profileMap(profile, { title: 'input', names }))
  }
  const left = layers.length - few(layers).length
  const notes = left > 0 ? [`pictures of the last ${MOST} of ${layers.length} layers: name others by --layer`] : []
  return { pictures, notes }
}

const file = (path: string): string => (path === '' ? 'model' : path)
