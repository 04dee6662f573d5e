import { UsageError } from '../../errors.ts'
import {
  type Baseline,
  baselineOf,
  dataSummary,
  deletionCurves,
  explained,
  lastConvolution,
  planeOf,
  planes,
  type Question,
  SALIENCY_METHODS,
  type SaliencyMethod,
  saliency,
  sanityCheck,
  weightedLayers,
} from '../../inspect/index.ts'
import { foldIn, key } from '../../random/index.ts'
import type { LoadedNetwork, Samples, TestedModel } from '../../runs/testModel/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { chosenInputs } from '../chosenInputs.ts'
import { deletionFigure, type NamedDeletion } from './deletionFigure.ts'
import { explainedOutputs } from './explainedOutputs.ts'
import type { NamedPicture } from './namedPicture.ts'
import { isTable, mapsPicture, mapsSentence, mapsTitle } from './saliencyMaps.ts'
import { sanityCurves } from './sanityFigures.ts'
import { sanitySheet } from './sanitySheet.ts'
import { sanityText } from './sanityText.ts'

export interface SaliencyPicturesOptions {
  /** Default: all that the model and the samples have room for. */
  readonly methods?: readonly SaliencyMethod[] | undefined
  /** Default: black for images, the mean sample otherwise. */
  readonly baseline?: Baseline | undefined
  /** What is explained: the class that is predicted (default), the true one, a class by its name, or an output by its number. */
  readonly output?: string | undefined
  /** Of Grad-CAM; default the last convolution with its nonlinearity. */
  readonly layer?: string | undefined
  readonly steps?: number | undefined
  readonly copies?: number | undefined
  readonly size?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  /** Whether maps are checked by randomised weights (default true), and by deletion and insertion (default true). */
  readonly sanity?: boolean | undefined
  readonly curves?: boolean | undefined
  /** Called now and then; what it throws ends the work. */
  onProgress?(task: string, share: number): void
}

/** What is said beside the pictures. */
export interface SaliencyPictures {
  readonly pictures: readonly NamedPicture[]
  readonly baseline: Baseline
  readonly methods: readonly SaliencyMethod[]
  readonly notes: readonly string[]
}

/** Fewer numbers than this have no ranks worth comparing; those of fewer than the second are told with their noise. */
const [LEAST, FEW_RANKS] = [3, 40]

/**
 * Explains what a network says of chosen samples, and checks the explanations: the maps, how they change when the weights are drawn anew, and how the output
 * falls when places go in their order.
 *
 * @param chosen - positions in `samples`
 * @throws UsageError where a method does not fit the model, or there is no such class
 *
 * @example
 * const { pictures } = await saliencyPictures(loaded, model, samples, [0, 5, 17], { baseline: 'black' })
 */
export async function saliencyPictures(
  loaded: Pick<LoadedNetwork, 'network' | 'variables' | 'sample' | 'target' | 'dtype'>,
  model: TestedModel,
  samples: Samples,
  chosen: readonly number[],
  options: SaliencyPicturesOptions = {},
): Promise<SaliencyPictures> {
  const { network, variables, sample, target } = loaded
  const { output = 'predicted', seed = 0 } = options
  let task: readonly [string, number] = ['explaining', 0]
  const onProgress = (...now: [string, number]): void => {
    task = now
    options.onProgress?.(...now)
  }
  const prepared = preparedShape(network, sample)
  const { inputs, data: stored, predictions } = await chosenInputs(loaded, model, samples, chosen)
  onProgress('reading the data', 0)
  const summary = await dataSummary(samples, () => onProgress('reading the data', Number.NaN))
  const width = sizeOf(sample)
  const missing = stored.filter((value) => Number.isNaN(value)).length
  const data = Float32Array.from(stored, (value, i) => (Number.isNaN(value) ? (summary.mean[i % width] ?? 0) : value))
  const baseline = options.baseline ?? (sample.length === 3 ? 'black' : 'mean')
  const base = baselineOf(baseline, data, sample, summary)
  const of = await explained(network, variables, sample, () => onProgress(...task))
  try {
    const outputs = explainedOutputs(output, of.outputs, loaded, samples, chosen, predictions)
    const question: Question = { data, outputs }
    const last = sample.length > 1 && prepared.length === sample.length ? lastConvolution(network, prepared) : undefined
    const layer = options.layer ?? last
    const methods = options.methods ?? SALIENCY_METHODS.filter((method) => method !== 'grad-cam' || layer !== undefined)
    const common = {
      ...{ methods, baseline: base, layer, key: foldIn(key(seed), 'smoothgrad') },
      ...(isTable(sample) && {
        units: { std: summary.std, range: summary.max.map((high, p) => high - (summary.min[p] ?? 0)) },
      }),
      ...{ steps: options.steps, copies: options.copies, size: options.size },
    }
    const maps = await saliency(of, question, {
      ...common,
      onProgress: (method) => onProgress(`explaining by ${method}`, methods.indexOf(method) / methods.length),
    })
    const asked = Array.from(outputs, (one) =>
      target.task === 'classification'
        ? (target.classes[one] ?? String(one))
        : of.outputs > 1
          ? `output ${one}`
          : 'the output',
    )
    const labels = inputs.map(({ caption }, i) => [...caption, `explained: ${asked[i] ?? ''}`])
    const pictures: NamedPicture[] = [
      {
        name: 'saliency',
        sentence: mapsSentence(maps, chosen.length, baseline),
        picture: await mapsPicture(
          sample,
          samples,
          inputs,
          labels,
          maps,
          mapsTitle(output, target.task === 'classification', layer, methods),
        ),
      },
    ]
    const places = sizeOf(sample) / planeOf(sample).channels
    const hasPlaces = places >= LEAST
    if ((options.curves ?? true) && hasPlaces) pictures.push(await deletion())
    if ((options.sanity ?? true) && hasPlaces) pictures.push(...(await sanity()))
    return {
      pictures,
      baseline,
      methods,
      notes: [
        ...(missing === 0
          ? []
          : [
              `${missing} missing value${missing === 1 ? ' was' : 's were'} set to the mean of their feature, because what is not there cannot be explained`,
            ]),
        ...(hasPlaces
          ? []
          : [
              `samples of ${places} numbers have no order that could be checked: there is no deletion and no check by weights`,
            ]),
        ...(hasPlaces && places < FEW_RANKS && (options.sanity ?? true)
          ? [
              `ranks of ${places} numbers are alike by chance: up to ±${(2 / Math.sqrt(places - 1)).toFixed(2)} says nothing about one sample`,
            ]
          : []),
      ],
    }

    async function deletion(): Promise<NamedPicture> {
      const orders: NamedDeletion[] = []
      for (const [m, map] of maps.entries()) {
        onProgress(`deletion and insertion by ${map.method}`, m / (maps.length + 1))
        const order = planes(map, sample, chosen.length)
        orders.push({ name: map.method, ...(await deletionCurves(of, question, order, base)) })
      }
      const chance = await deletionCurves(of, question, foldIn(key(seed), 'deletion'), base)
      const best = orders.toSorted((a, b) => a.areas.deletion - b.areas.deletion)[0]
      const areas = orders.map(
        ({ name, areas: { deletion: d, insertion: i } }) => `${name} ${d.toFixed(2)} and ${i.toFixed(2)}`,
      )
      return {
        name: 'deletion',
        sentence: `Areas under the curves of deletion (low is good) and insertion (high is good), ${baseline} in place of what is away: ${areas.join(', ')}; in an order by chance ${chance.areas.deletion.toFixed(2)} and ${chance.areas.insertion.toFixed(2)}. ${best === undefined ? '' : `The output falls fastest in the order of ${best.name}.`}`,
        picture: deletionFigure([...orders, { name: 'by chance', isChance: true, ...chance }]),
      }
    }

    async function sanity(): Promise<NamedPicture[]> {
      const layers = weightedLayers(network, variables, prepared)
      if (layers.length === 0)
        throw new UsageError('the model has no weights that could be drawn anew: give --no-sanity')
      const found = await sanityCheck(of, question, {
        ...common,
        // As many points as the trained network's take would be far too many for networks drawn by chance.
        steps: options.steps ?? 32,
        ...{ model: network.model, variables, prepared, layers, weightsKey: foldIn(key(seed), 'weights') },
        onProgress: () => onProgress('randomising weights', Number.NaN),
        onLayer: (one, share) => onProgress(`randomising weights down to ${one}`, share),
      })
      return [
        {
          name: 'sanity',
          sentence: sanityText(found),
          picture: sanityCurves(found),
        },
        ...(sample.length === 3
          ? [
              {
                name: 'sanity-maps',
                sentence: `The maps of ${labels[0]?.[0] ?? 'the first sample'} by the trained network and while its layers are drawn anew from the output down.`,
                picture: await sanitySheet(found, sample, chosen.length),
              },
            ]
          : []),
      ]
    }
  } finally {
    of.dispose()
  }
}
