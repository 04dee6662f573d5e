import { type Dataset, gather, storageTypeOf } from '../../data/index.ts'
import type { ProjectionMethod } from '../../data/profile/index.ts'
import { distances } from '../../data/profile/structure/points.ts'
import { componentsOf, project } from '../../data/profile/structure/project.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import { foldIn, type Key, permutation } from '../../random/index.ts'
import { reduceMean, reshape, type Shape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import type { Inspected } from '../activations.ts'
import { bound } from '../bound.ts'
import { outputOf } from '../features/index.ts'
import { penultimate } from '../penultimate.ts'
import { type Distances, type Faithfulness, faithfulness, knnAccuracy } from './neighbours.ts'

export interface EmbeddingOptions {
  readonly key: Key
  /** Default: what the last layer with weights takes. */
  readonly layer?: string | undefined
  /** Ways into the plane; default all three. */
  readonly methods?: readonly ProjectionMethod[] | undefined
  /** Samples drawn of more; default 1,000. Every pair is compared. */
  readonly samples?: number | undefined
  /** Neighbours that count; default 10. */
  readonly k?: number | undefined
  /** Positions that are looked at in any case. */
  readonly including?: readonly number[] | undefined
  /** Called now and then; what it throws ends the work. */
  onProgress?(task: string, share: number): void
}

/** Samples in the plane. */
export interface EmbeddedPlane extends Faithfulness {
  readonly method: ProjectionMethod
  /** `[n, 2]` */
  readonly points: Float64Array
  /** Of a vote of neighbours in the plane; where there are classes. */
  readonly knnAccuracy?: number
}

/** Samples as a layer sees them. */
export interface Embedding {
  /** Path of the layer. */
  readonly layer: string
  /** Of what it puts out for a sample. */
  readonly shape: Shape
  /** Numbers that are compared: all, or one a channel where there are too many. */
  readonly width: number
  readonly isPooled: boolean
  /** Positions of the samples among those given, `[n]`, ascending. */
  readonly positions: readonly number[]
  /** Euclidean, between features. */
  readonly distances: Distances
  /** Share of the features' variance along each principal component. */
  readonly ratios: readonly number[]
  readonly planes: readonly EmbeddedPlane[]
  readonly k: number
  /** Share of samples whose class their neighbours have; where there are classes. */
  readonly knn?: {
    readonly features: number
    /** Among the inputs themselves; absent where they are too many numbers to compare. */
    readonly inputs?: number
  }
}

const BATCH = 64
/** More numbers of a layer than this are averaged over their places, and inputs of more are not compared. */
const MOST_NUMBERS = 4096

/**
 * What a layer makes of samples, as points: in the plane by PCA, UMAP and t-SNE, with what the planes keep of who is near whom; and whether neighbours are of one class,
 * among the features and among the inputs themselves.
 *
 * @param labels - class of each sample by its number in the data set; left out where there are none
 * @throws UsageError where there is no such layer, or there are too few samples
 *
 * @example
 * const { planes, knn } = await embedding(network, variables, samples, { key: key(0), methods: ['pca'] })
 */
export async function embedding(
  of: Inspected,
  variables: Variables,
  { dataset, indices }: { readonly dataset: Dataset; readonly indices: Uint32Array },
  options: EmbeddingOptions,
  labels?: ArrayLike<number>,
): Promise<Embedding> {
  const { key, methods = ['pca', 'umap', 'tsne'], samples = 1000, including = [], onProgress = () => {} } = options
  const sample = dataset.inputs.shape
  const prepared = preparedShape({ model: of.model, prepare: of.prepare ?? ((x) => x) }, sample)
  const layer = options.layer ?? penultimate(of, variables, prepared) ?? ''
  const positions = drawn(indices.length, Math.max(samples, including.length), foldIn(key, 'samples'), including)
  const n = positions.length
  const k = options.k ?? 10
  if (n < 2 * k + 2)
    throw new UsageError(
      `there are ${n} samples, and neighbourhoods of ${k} are compared: give at least ${2 * k + 2} samples, or fewer neighbours`,
    )
  const chosen = Uint32Array.from(positions, (position) => indices[position] ?? 0)
  const { features, shape, isPooled } = await featuresOf(of, variables, dataset, chosen, layer, (share) =>
    onProgress(`computing layer ${layer}`, share),
  )
  const width = features.length / n
  onProgress('comparing features', 0)
  const points = { data: features, n, d: width }
  const between = { data: distances(points), n }
  const classes = labels && Int32Array.from(chosen, (i) => labels[i] ?? 0)
  const { scores, ratios } = await componentsOf(points, `layer ${layer}`)
  const planes: EmbeddedPlane[] = []
  for (const method of methods) {
    onProgress(`projecting by ${method}`, Number.NaN)
    const { data } = await project(method, scores, between.data, {
      key: foldIn(key, method),
      onProgress: (what, share) => onProgress(what, share),
    })
    const plane = { data: distances({ data, n, d: 2 }), n }
    planes.push({
      method,
      points: Float64Array.from(data),
      ...faithfulness(between, plane, k),
      ...(classes && { knnAccuracy: knnAccuracy(plane, classes, k) }),
    })
  }
  return {
    ...{ layer, shape, width, isPooled, positions, distances: between, ratios, planes, k },
    ...(classes && {
      knn: {
        features: knnAccuracy(between, classes, k),
        ...(sizeOf(sample) <= MOST_NUMBERS && { inputs: await inputAccuracy(dataset, chosen, classes, k) }),
      },
    }),
  }
}

/** Some positions in ascending order, those asked for among them. */
function drawn(length: number, most: number, key: Key, including: readonly number[]): number[] {
  const others = permutation(key, length).filter((position) => !including.includes(position))
  return [...including, ...others.subarray(0, Math.max(0, most - including.length))].sort((a, b) => a - b)
}

async function featuresOf(
  of: Inspected,
  variables: Variables,
  dataset: Dataset,
  indices: Uint32Array,
  layer: string,
  onProgress: (share: number) => void,
): Promise<{ readonly features: Float32Array; readonly shape: Shape; readonly isPooled: boolean }> {
  let [shape, isPooled]: [Shape, boolean] = [[], false]
  const program = await bound(
    of,
    variables,
    (apply, x: Tensor) => {
      const output = outputOf(apply(x), layer)
      const [, channels = 1, ...places] = output.shape
      shape = output.shape.slice(1)
      isPooled = places.length > 0 && sizeOf(shape) > MOST_NUMBERS
      const flat = isPooled
        ? reduceMean(reshape(output, [BATCH, channels, sizeOf(places)]), { axes: [2] })
        : reshape(output, [BATCH, sizeOf(shape)])
      return [flat]
    },
    { dtype: storageTypeOf(dataset.inputs), shape: [BATCH, ...dataset.inputs.shape] },
  )
  const size = sizeOf(dataset.inputs.shape)
  const room = storageTypeOf(dataset.inputs) === 'uint8' ? new Uint8Array(BATCH * size) : new Float32Array(BATCH * size)
  let features = new Float32Array()
  for (let begin = 0; begin < indices.length; begin += BATCH) {
    onProgress(begin / indices.length)
    const part = indices.subarray(begin, begin + BATCH)
    const { inputs } = await gather(dataset, part)
    // A last batch that is not full is filled with what was there before.
    room.set(inputs)
    const [found = new Float32Array()] = await program.run(room)
    const width = found.length / BATCH
    if (begin === 0) features = new Float32Array(indices.length * width)
    features.set(found.subarray(0, part.length * width), begin * width)
  }
  program.dispose()
  return { features, shape, isPooled }
}

/** Missing values count as 0. */
async function inputAccuracy(dataset: Dataset, indices: Uint32Array, classes: Int32Array, k: number): Promise<number> {
  const { inputs } = await gather(dataset, indices)
  const data = Float32Array.from(inputs, (value) => (Number.isNaN(value) ? 0 : value))
  const points = { data, n: indices.length, d: sizeOf(dataset.inputs.shape) }
  return knnAccuracy({ data: distances(points), n: points.n }, classes, k)
}
