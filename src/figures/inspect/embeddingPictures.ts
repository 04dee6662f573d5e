import { gather } from '../../data/index.ts'
import type { ProjectionMethod } from '../../data/profile/index.ts'
import { featureNames } from '../../data/table/encoding.ts'
import { UsageError } from '../../errors.ts'
import { type EmbeddedPlane, type Embedding, embedding, nearest } from '../../inspect/index.ts'
import { argmax } from '../../metrics/index.ts'
import { key } from '../../random/index.ts'
import { type LoadedNetwork, predictSamples, type Samples, type TestedModel } from '../../runs/testModel/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { asImage } from '../featureMaps.ts'
import { short } from '../featureSheet.ts'
import { type Figure, plotted, type Row } from '../figure.ts'
import { extent, tileOf } from '../imageGrid.ts'
import { thumbnail } from '../imageSheet.ts'
import { type ProjectedPoint, projectionFigure } from '../projection.ts'
import type { Rgb } from '../raster.ts'
import { pictureKind, type SavedPicture } from '../render.ts'
import type { NamedPicture } from './namedPicture.ts'
import { smallBars } from './smallBars.ts'
import { smallSignals } from './smallSignals.ts'
import { type SheetCell, tableSheet } from './tableSheet.ts'

export interface EmbeddingPicturesOptions {
  readonly layer?: string | undefined
  readonly methods?: readonly ProjectionMethod[] | undefined
  /** Samples that are placed; default 1,000. */
  readonly samples?: number | undefined
  /** Neighbours that count in numbers; default 10. */
  readonly k?: number | undefined
  /** Positions whose neighbours are shown; default mistakes and others. */
  readonly queries?: readonly number[] | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  onProgress?(task: string, share: number): void
}

const NAMES = { pca: 'PCA', umap: 'UMAP', tsne: 't-SNE' } as const
/** Small pictures in a plane, neighbours and queries of a sheet. */
const [PICTURED, SHOWN, ASKED] = [70, 8, 6]
/** Neighbours of a signal, whose plots are wide. */
const FEW = 4
const [SAME, OTHER]: readonly [Rgb, Rgb] = [
  [0, 158, 115],
  [213, 94, 0],
]

/**
 * What a layer makes of samples: planes by PCA, UMAP and t-SNE with small pictures, mistakes marked; and the nearest neighbours of some.
 *
 * @example
 * const pictures = await embeddingPictures(loaded, model, samples, { methods: ['umap'] })
 */
export async function embeddingPictures(
  { network, variables }: Pick<LoadedNetwork, 'network' | 'variables'>,
  model: TestedModel,
  samples: Samples,
  { queries, seed = 0, onProgress = () => {}, ...options }: EmbeddingPicturesOptions = {},
): Promise<NamedPicture[]> {
  const { dataset, indices, labelled, name } = samples
  const beyond = queries?.find((query) => query >= indices.length)
  if (beyond !== undefined)
    throw new UsageError(`${name} has samples 0 to ${indices.length - 1}, and number ${beyond} is asked for`)
  const { targets } = dataset
  const known = labelled && targets.task === 'classification' ? targets : undefined
  const found = await embedding(
    network,
    variables,
    samples,
    { ...options, key: key(seed), including: queries, onProgress },
    known?.labels,
  )
  const chosen = Uint32Array.from(found.positions, (position) => indices[position] ?? 0)
  onProgress('predicting', 0)
  const { predictions } = await predictSamples(model, { ...samples, indices: chosen })
  const predicted = predictions.task === 'classification' ? argmax(predictions.scores, predictions.classes) : undefined
  const classOf = (i: number): string | undefined => known?.classes[known.labels[chosen[i] ?? 0] ?? 0]
  const saidOf = (i: number): string | undefined =>
    predicted === undefined
      ? undefined
      : model.target.task === 'classification'
        ? model.target.classes[predicted[i] ?? 0]
        : undefined
  const isMistake = (i: number): boolean =>
    known !== undefined && predicted !== undefined && predicted[i] !== known.labels[chosen[i] ?? 0]
  const points = Array.from(found.positions, (position, i): Seen => {
    const [own, said] = [classOf(i), saidOf(i)]
    return {
      position,
      isMistake: isMistake(i),
      ...(own !== undefined && { class: own }),
      ...(said !== undefined && { said }),
    }
  })
  onProgress('drawing', 0)
  const pictured = await thumbnails(samples, chosen, points)
  const accuracy = known && 1 - points.filter((point) => point.isMistake).length / points.length
  const planes = found.planes.map(
    (plane): NamedPicture => ({
      name: `embedding-${plane.method}`,
      sentence: planeSentence(plane, found, accuracy),
      picture: planeFigure(plane, found, points, pictured, known?.classes ?? []),
    }),
  )
  const asked = queriesOf(found, points, queries)
  return [
    ...planes,
    {
      name: 'neighbours',
      sentence: neighboursSentence(found, points, asked),
      picture: await neighbourSheet(found, points, asked, samples, chosen),
    },
  ]
}

interface Seen {
  readonly position: number
  readonly isMistake: boolean
  readonly class?: string
  /** What the network takes it for. */
  readonly said?: string
}

/** Small pictures of mistakes and of some others; of samples that are images. */
async function thumbnails(
  { dataset }: Samples,
  chosen: Uint32Array,
  points: readonly Seen[],
): Promise<ReadonlyMap<number, string>> {
  const { shape } = dataset.inputs
  if (shape.length !== 3) return new Map()
  const wrong = points.flatMap((point, i) => (point.isMistake ? [i] : [])).slice(0, PICTURED / 3)
  const step = Math.max(1, Math.ceil(points.length / (PICTURED - wrong.length)))
  const some = [...new Set([...points.flatMap((_, i) => (i % step === 0 ? [i] : [])), ...wrong])]
  const { inputs } = await gather(
    dataset,
    Uint32Array.from(some, (i) => chosen[i] ?? 0),
  )
  const size = sizeOf(shape)
  const urls = await Promise.all(
    some.map((_, t) => thumbnail(asImage({ data: inputs.slice(t * size, (t + 1) * size), shape }), 48)),
  )
  return new Map(some.map((i, t) => [i, urls[t] ?? '']))
}

function planeFigure(
  { method, points: places, trustworthiness }: EmbeddedPlane,
  { layer, ratios }: Embedding,
  points: readonly Seen[],
  pictured: ReadonlyMap<number, string>,
  classes: readonly string[],
): Figure {
  const percent = (share: number | undefined): string => `${(100 * (share ?? 0)).toFixed(1)} %`
  const drawn = points.map((point, i): ProjectedPoint => {
    const url = pictured.get(i)
    return {
      ...{ x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0, isMarked: point.isMistake },
      ...(point.class !== undefined && { class: point.class }),
      ...(url !== undefined && { thumbnail: url }),
    }
  })
  const wrong = points.filter(({ isMistake }) => isMistake).length
  const figure = projectionFigure(drawn, {
    classes,
    title: `Layer ${layer} by ${NAMES[method]}`,
    subtitle: [
      method === 'pca'
        ? 'distances are those of the features, as far as two components hold them'
        : `who is near whom (trustworthiness ${trustworthiness.toFixed(2)}); distances between groups say nothing`,
      ...(wrong > 0 ? [`crosses and black frames: mistakes of the network (${wrong} of ${points.length})`] : []),
    ],
    axes:
      method === 'pca'
        ? [`component 1 (${percent(ratios[0])} of the variance)`, `component 2 (${percent(ratios[1])} of the variance)`]
        : [`${NAMES[method]} 1`, `${NAMES[method]} 2`],
  })
  return plotted({
    ...figure,
    rows: points.map(
      ({ position, class: own, said, isMistake }, i): Row => ({
        ...{ sample: position, x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 },
        ...{ class: own ?? null, predicted: said ?? null, mistake: isMistake },
      }),
    ),
  })
}

function planeSentence(plane: EmbeddedPlane, found: Embedding, accuracy: number | undefined): string {
  const { method, trustworthiness, continuity, preserved, knnAccuracy } = plane
  const { layer, width, isPooled, positions, ratios, k, knn } = found
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const what = `${positions.length} samples by ${NAMES[method]} of the ${width} numbers that ${layer === '' ? 'the model' : `layer ${layer}`} makes of each${isPooled ? ' (means over its maps)' : ''}.`
  const kept = `Of the ${k} nearest neighbours of a sample ${percent(preserved)} are neighbours in the plane; trustworthiness ${trustworthiness.toFixed(3)}, continuity ${continuity.toFixed(3)} (1 is perfect).`
  const votes =
    knn === undefined
      ? ''
      : ` A vote of ${k} neighbours finds the class of ${percent(knn.features)} among the features${knn.inputs === undefined ? '' : `, of ${percent(knn.inputs)} among the inputs themselves`}${knnAccuracy === undefined ? '' : `, and of ${percent(knnAccuracy)} in the plane`}${accuracy === undefined ? '' : `; the network is right about ${percent(accuracy)}`}.`
  const says =
    method === 'pca'
      ? ` The plane is a shadow: it shows ${percent((ratios[0] ?? 0) + (ratios[1] ?? 0))} of the variance, so that what is apart here is apart, and what is on one spot may be apart along other components.`
      : ' The plane can say which samples are alike and whether classes hang together; it cannot say how far groups are from each other, how wide or dense they are, or that a gap is one: these come of the method and its settings.'
  return `${what} ${kept}${votes}${says}`
}

function queriesOf(found: Embedding, points: readonly Seen[], queries: readonly number[] | undefined): number[] {
  if (queries !== undefined) return queries.map((query) => found.positions.indexOf(query))
  const wrong = points.flatMap((point, i) => (point.isMistake ? [i] : [])).slice(0, ASKED / 2)
  const seen = new Set<string | undefined>()
  const others = points.flatMap((point, i) => {
    if (point.isMistake || (point.class !== undefined && seen.has(point.class))) return []
    seen.add(point.class)
    return [i]
  })
  return [...wrong, ...others].slice(0, ASKED)
}

function neighboursSentence(found: Embedding, points: readonly Seen[], asked: readonly number[]): string {
  const of = asked.map((i) => {
    const near = nearest(found.distances, i, SHOWN)
    const same = near.filter((j) => points[j]?.class === points[i]?.class).length
    const point = points[i]
    return point?.class === undefined
      ? `sample ${point?.position}`
      : `sample ${point.position} (${point.class}${point.isMistake ? `, taken for ${point.said}` : ''}): ${same} of ${near.length} of its class`
  })
  return `The nearest neighbours of ${asked.length} samples among ${found.positions.length}, by Euclidean distance in layer ${found.layer}: ${of.join('; ')}.`
}

async function neighbourSheet(
  found: Embedding,
  points: readonly Seen[],
  asked: readonly number[],
  { dataset }: Samples,
  chosen: Uint32Array,
): Promise<Figure | SavedPicture> {
  const { shape } = dataset.inputs
  const { data, n } = found.distances
  const sheet = asked.map((i) => ({ i, near: nearest(found.distances, i, SHOWN) }))
  const wanted = sheet.flatMap(({ i, near }) => [i, ...near])
  const { inputs } = await gather(
    dataset,
    Uint32Array.from(wanted, (i) => chosen[i] ?? 0),
  )
  const size = sizeOf(shape)
  const imageAt = (at: number) => inputs.slice(at * size, (at + 1) * size)
  const rows = sheet.flatMap(({ i, near }) =>
    near.map(
      (j, rank): Row => ({
        ...{ sample: points[i]?.position ?? null, rank: rank + 1, neighbour: points[j]?.position ?? null },
        ...{
          distance: data[i * n + j] ?? null,
          class: points[i]?.class ?? null,
          neighbourClass: points[j]?.class ?? null,
        },
      }),
    ),
  )
  const title = `Nearest neighbours in layer ${found.layer}`
  const line = (i: number, j: number): string =>
    [points[j]?.class, i === j ? undefined : `d ${short(data[i * n + j] ?? 0)}`]
      .filter((word) => word !== undefined)
      .join(' · ')
  if (shape.length < 3) {
    const plots = sheet.flatMap(({ i, near }) =>
      [i, ...near.slice(0, FEW)].map((j, rank) => ({
        row: `sample ${points[i]?.position}${points[i]?.isMistake ? ` · taken for ${points[i]?.said}` : ''}`,
        column: rank === 0 ? 'sample' : `neighbour ${rank}`,
        note: line(i, j),
        values: Float32Array.from(imageAt(wanted.indexOf(j)).subarray(0, shape.at(-1) ?? 1)),
      })),
    )
    const names = dataset.encoding && featureNames(dataset.encoding)
    return plotted({ ...(shape.length === 1 ? smallBars(title, plots, names) : smallSignals(title, plots)), rows })
  }
  const range = extent([inputs])
  let at = 0
  return pictureKind.mark({
    png: await tableSheet({
      title,
      heads: ['sample', ...Array.from({ length: SHOWN }, (_, rank) => `${rank + 1}`)],
      rows: sheet.map(({ i, near }) => ({
        label: [
          `sample ${points[i]?.position}`,
          ...(points[i]?.isMistake ? [`is ${points[i]?.class}`, `taken for ${points[i]?.said}`] : []),
        ],
        cells: [i, ...near].map((j): SheetCell => {
          const tile = tileOf(asImage({ data: imageAt(at++), shape }), range)
          const lines = [line(i, j)]
          if (i === j || points[i]?.class === undefined) return { tile, lines }
          return { tile, lines, frame: points[j]?.class === points[i]?.class ? SAME : OTHER }
        }),
      })),
      notes: [
        'd: distance between the features',
        ...(points.some((point) => point.class !== undefined)
          ? ['frames: green of the sample’s class, red of another']
          : []),
      ],
      height: 84,
    }),
    rows,
  })
}
