import { UsageError } from '../../errors.ts'
import {
  ablationCurves,
  gradientImportance,
  type ImportanceShare,
  type InspectedLayer,
  importanceShares,
  type Judged,
  layersOf,
  magnitudes,
  namedWeights,
  unitLayers,
  type WeightSnapshot,
  weightHistograms,
  weightQuantiles,
  weightStatistics,
} from '../../inspect/index.ts'
import { foldIn, key } from '../../random/index.ts'
import type { Samples, TestedModel } from '../../runs/testModel/index.ts'
import type { Shape } from '../../tensor/index.ts'
import type { Figure } from '../figure.ts'
import { filterSheet } from '../filterSheet.ts'
import { ablationFigure } from './ablationFigure.ts'
import type { NamedPicture } from './namedPicture.ts'
import { weightHistogramsFigure, weightQuantilesFigure } from './weightDistributions.ts'
import { spectraFigure, weightNormsFigure } from './weightSizes.ts'

export interface WeightPicturesOptions {
  /** Layers, as `unitLayers` takes them; default: all that have weights. */
  readonly layers?: readonly string[] | undefined
  /** Weights over the epochs, where the run has recorded them. */
  readonly recorded?: readonly WeightSnapshot[]
  /** Samples on which what is left is judged; nothing is removed without. */
  readonly samples?: Samples | undefined
  /** Samples on which weights are ranked by their gradient, others than those, so that no ranking knows its judge; default: the same. */
  readonly rankedOn?: Samples | undefined
  /** Shares of the weights that are removed. */
  readonly shares?: readonly number[] | undefined
  /** Random orders as control; default 5. */
  readonly draws?: number | undefined
  /** Of the random orders; default 0. */
  readonly seed?: number | undefined
  /** Called between parts; what it throws ends the work. */
  onProgress?(task: string, share: number): void
}

/** Panels in one picture. */
const MOST = 24
/** Filters of at most so many layers are drawn. */
const FILTERS = 4
const CONVOLUTION = /^Conv[12]d$/

/**
 * A network's weights as pictures: distributions at each snapshot and over the epochs, norms, singular values, filters, and what is left
 * without the unimportant ones.
 *
 * @param judged network, loss and the weights that are ranked
 * @param sample shape of one sample as the model gets it
 * @param snapshots as `initial`, `best`, `final`, in the order of time
 * @param model the same network as it predicts, whose metrics judge what is left
 *
 * @example
 * const { pictures } = await weightPictures(judged, [1, 28, 28], [{ label: 'initial', variables }, { label: 'final', variables: trained }], model)
 */
export async function weightPictures(
  judged: Judged,
  sample: Shape,
  snapshots: readonly WeightSnapshot[],
  model: TestedModel,
  options: WeightPicturesOptions = {},
): Promise<{
  readonly pictures: readonly NamedPicture[]
  readonly importance: readonly ImportanceShare[]
  readonly notes: readonly string[]
}> {
  const { layers: wanted, recorded = [], samples, shares, draws = 5, seed = 0, onProgress } = options
  const layers = layersOf(judged.network.model, sample)
  const paths = wanted && unitLayers(layers, wanted).map(({ path }) => path)
  const isWanted = (name: string): boolean =>
    paths === undefined || paths.some((path) => path === '' || name.startsWith(`${path}.`))
  const pictures: NamedPicture[] = []
  const notes: string[] = []
  const add = (name: string, picture: Figure): void => {
    pictures.push({ name, sentence: picture.alt, picture })
  }
  onProgress?.('distributions', 0)
  const histograms = weightHistograms(snapshots).filter(({ name }) => isWanted(name))
  if (histograms.length === 0)
    throw new UsageError(
      `${paths === undefined ? 'the model' : `layer ${paths.join(', ')}`} has no weights to look at: ${paths === undefined ? 'give a run of a model with weights' : 'name a layer that has some'}`,
    )
  // Biases and scales of a deep network would fill pages: its weights are drawn, the others told.
  const matrices = new Set(
    namedWeights(judged.variables).flatMap(({ name, shape }) => (shape.length > 1 ? [name] : [])),
  )
  const drawable = histograms.length > MOST ? histograms.filter(({ name }) => matrices.has(name)) : histograms
  if (drawable.length > MOST)
    notes.push(`pictures show the first ${MOST} of ${drawable.length} weights: name others by --layer`)
  const drawn = drawable.slice(0, MOST)
  const isDrawn = (name: string): boolean => drawn.some((one) => one.name === name)
  add('histograms', weightHistogramsFigure(drawn))
  const over = weightQuantiles(recorded).filter(({ name }) => isDrawn(name))
  if (over.length > 0) add('epochs', weightQuantilesFigure(over))
  const statistics = (await weightStatistics(snapshots, layers, () => onProgress?.('singular values', 0.1))).filter(
    ({ name }) => isWanted(name),
  )
  add('norms', weightNormsFigure(statistics))
  const spectra = spectraFigure(statistics.filter(({ name }) => isDrawn(name)))
  if (spectra !== undefined) add('spectra', spectra)
  const large = [
    ...new Set(statistics.filter(({ name, spectrum }) => matrices.has(name) && !spectrum).map(({ name }) => name)),
  ]
  if (large.length > 0)
    notes.push(`singular values of ${large.join(', ')} are not computed: the matrices are too large`)
  pictures.push(...(await filters(judged, layers, isWanted)))
  if (samples === undefined) return { pictures, importance: [], notes }
  onProgress?.('gradients', 0.2)
  const rankings = [
    magnitudes(judged),
    await gradientImportance(judged, options.rankedOn ?? samples, { check: () => onProgress?.('gradients', 0.2) }),
  ]
  const { metrics } = model
  const curves = await ablationCurves(judged, samples, rankings, {
    ...(shares && { shares }),
    metrics,
    keys: Array.from({ length: draws }, (_, draw) => foldIn(foldIn(key(seed), 'ablation'), draw)),
    onProgress: (done, total) => onProgress?.('weights removed', 0.3 + (0.7 * done) / total),
  })
  add('ablation-loss', ablationFigure(curves, 'loss', 'min', samples.name))
  for (const { name, goal } of metrics.slice(0, 1))
    add(`ablation-${name}`, ablationFigure(curves, name, goal, samples.name))
  return { pictures, importance: rankings.flatMap((ranking) => importanceShares(judged, ranking)), notes }
}

/** Filters of the first convolutions; those of sequences have a height of 1. */
async function filters(
  { variables }: Judged,
  layers: readonly InspectedLayer[],
  isWanted: (name: string) => boolean,
): Promise<NamedPicture[]> {
  const named = namedWeights(variables)
  const found = layers
    .filter(({ layer }) => CONVOLUTION.test(layer.kind))
    .flatMap(({ path }) => named.filter((one) => one.path === path && one.shape.length > 2 && isWanted(one.name)))
  return Promise.all(
    found.slice(0, FILTERS).map(async ({ path, name, shape, data }) => {
      const [out = 1, inputs = 1, ...kernel] = shape
      const image = { shape: [out, inputs, ...(kernel.length === 1 ? [1] : []), ...kernel], data }
      const { sentence, ...picture } = await filterSheet(path === '' ? name : path, image)
      return { name: `filters-${path === '' ? 'model' : path}`, sentence, picture }
    }),
  )
}
