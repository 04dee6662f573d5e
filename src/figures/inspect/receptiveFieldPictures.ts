import { gather } from '../../data/index.ts'
import { featureNames } from '../../data/table/encoding.ts'
import { UsageError } from '../../errors.ts'
import {
  effectiveFields,
  type InspectedLayer,
  layersOf,
  type MappedWeights,
  mappedBack,
  placesOf,
  type TheoreticalField,
  theoreticalFields,
  unitLayers,
} from '../../inspect/index.ts'
import type { LoadedNetwork, Samples } from '../../runs/testModel/index.ts'
import { preparedShape } from '../../train/index.ts'
import { type Figure, plotted } from '../figure.ts'
import { scaleFor } from './colourScale.ts'
import { heatMapSpec } from './heatMap.ts'
import type { NamedPicture } from './namedPicture.ts'
import { effectiveFigure, mappedFigure, theoreticalFigure } from './receptiveFieldFigures.ts'

export interface ReceptiveFieldPicturesOptions {
  /** Layers, as `unitLayers` takes them; default: convolutions and pools, and dense layers. */
  readonly layers?: 'all' | readonly string[] | undefined
  /** One channel of each layer in place of the sum over all. */
  readonly channel?: number | undefined
  /** Units of dense layers; default the first 32. */
  readonly units?: readonly number[] | undefined
  /** Called between parts; what it throws ends the work. */
  onProgress?(task: string, share: number): void
}

const WINDOWED = /^(Conv(Transpose)?[12]d|(Max|Avg)Pool[12]d)$/
/** Effective fields in one picture, and units of a dense layer. */
const [MOST, UNITS] = [12, 32]

/**
 * The receptive fields of a network: theoretical, effective over samples, and dense weights mapped back to the input. What the network has
 * not (places, dense layers) is left out and said.
 *
 * @param samples that gradients are averaged over
 * @throws UsageError where there is nothing to draw, or a layer is none
 *
 * @example
 * const { pictures } = await receptiveFieldPictures(loaded, samples)
 */
export async function receptiveFieldPictures(
  { network, variables, sample: stored }: LoadedNetwork,
  samples: Samples,
  { layers: wanted, channel, units, onProgress }: ReceptiveFieldPicturesOptions = {},
): Promise<{ readonly pictures: readonly NamedPicture[]; readonly notes: readonly string[] }> {
  const sample = preparedShape(network, stored)
  const all = layersOf(network.model, sample)
  const chosen = wanted && unitLayers(all, wanted)
  const pictures: NamedPicture[] = []
  const notes: string[] = []
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      notes.push(error.message)
      return undefined
    }
  }
  const add = (name: string, picture: Figure): void => {
    pictures.push({ name, sentence: picture.alt, picture })
  }
  onProgress?.('theoretical fields', 0)
  const theoretical = await attempt(() => theoreticalFields(network.model, sample))
  if (theoretical !== undefined) {
    const image = placesOf(sample)
    add('theoretical', theoreticalFigure(theoretical, image))
    const paths = effectivePaths(chosen ?? all, theoretical, chosen !== undefined)
    onProgress?.('effective fields', 0.2)
    if (paths.length > 0) {
      const { inputs: data } = await gather(samples.dataset, samples.indices)
      const fields = await effectiveFields(network, variables, { data, shape: stored }, paths, {
        ...(channel !== undefined && { channel }),
      })
      add('effective', await effectiveFigure(fields, theoretical, samples.indices.length))
    }
  }
  const { encoding } = samples.dataset
  const names = encoding && featureNames(encoding)
  const dense = (chosen ?? all).filter(({ layer }) => layer.kind === 'Linear')
  for (const [i, { path, output }] of dense.entries()) {
    onProgress?.(`weights of ${path} mapped back`, 0.5 + (0.5 * i) / dense.length)
    const width = output.reduce((product, size) => product * size, 1)
    const which = units ?? Array.from({ length: Math.min(UNITS, width) }, (_, unit) => unit)
    const mapped = await attempt(() => mappedBack({ model: network.model, variables }, sample, path, which))
    if (mapped !== undefined)
      add(
        `mapped-${path === '' ? 'model' : path}`,
        sample.length > 1 ? await mappedFigure(mapped) : await mappedMatrix(mapped, names),
      )
  }
  if (pictures.length === 0) throw new UsageError(notes[0] ?? 'the model has no layer with a receptive field')
  return { pictures, notes }
}

/** Layers whose effective fields are drawn: few enough to be seen. */
function effectivePaths(
  layers: readonly InspectedLayer[],
  theoretical: readonly TheoreticalField[],
  isChosen: boolean,
): string[] {
  const seen = layers.filter(({ path }) =>
    theoretical.some((field) => field.path === path && (isChosen || field.isPlaced)),
  )
  const drawn = isChosen ? seen : seen.filter(({ layer }) => WINDOWED.test(layer.kind))
  const every = Math.ceil(drawn.length / MOST)
  return drawn.filter((_, i) => i % every === 0 || i === drawn.length - 1).map(({ path }) => path)
}

/** Weights of units with respect to the numbers of a sample that is no image: a row a unit. */
async function mappedMatrix(
  { path, sample, units, data, passed }: MappedWeights,
  features: readonly string[] | undefined,
): Promise<Figure> {
  const [width = 1] = sample
  // A preparation may have made other numbers of them, such as components.
  const names = features?.length === width ? features : Array.from({ length: width }, (_, i) => String(i))
  const spec = await heatMapSpec(
    { title: 'unit', names: units.map(String) },
    { title: 'number of the prepared input', names },
    data,
    {
      title: `${path === '' ? 'the model' : path}: weights mapped back to the input`,
      subtitle:
        passed.length > 0 ? ['activations before it are taken as linear'] : ['exact: what comes before is linear'],
      scale: { ...scaleFor(data, 'weight'), kind: 'diverging' },
    },
  )
  const rows = Array.from(data, (weight, i) => ({
    ...{ layer: path, unit: units[Math.floor(i / width)] ?? 0, input: names[i % width] ?? '', weight },
  }))
  const strength = names.map((input) => rows.reduce((sum, row) => sum + (row.input === input ? row.weight ** 2 : 0), 0))
  const alt = `Weights of ${units.length} units of ${path === '' ? 'the model' : path} with respect to the ${width} numbers of the input; ${names[strength.indexOf(Math.max(...strength))]} counts most.`
  return plotted({ spec, rows, alt })
}
