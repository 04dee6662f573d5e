import { foldIn, type Key } from '../../../random/key.ts'
import { permutation } from '../../../random/permutation.ts'
import { sizeOf } from '../../../tensor/shape.ts'
import type { Dataset } from '../../dataset.ts'
import { gather } from '../../gather.ts'
import { modalityOf } from '../layout.ts'
import { runningMoments } from '../numbers.ts'
import { adjustedRand } from './adjustedRand.ts'
import { bendRadius, dbscan } from './dbscan.ts'
import { kMeans } from './kMeans.ts'
import { distances, type Points } from './points.ts'
import { type Components, componentsOf, type ProjectionMethod, project } from './project.ts'
import { sentencesOf } from './sentences.ts'
import { silhouette } from './silhouette.ts'

/** How well one clustering does. */
export interface Clustering {
  readonly method: 'k-means' | 'DBSCAN'
  /** Clusters found, noise not counted. */
  readonly clusters: number
  /** Points that DBSCAN leaves to no cluster. */
  readonly noise: number
  /** From −1 to 1; absent where there are fewer than two clusters. */
  readonly silhouette?: number
  /** Agreement with the labels: 1 the same, 0 chance. Absent where there are no labels. */
  readonly adjustedRand?: number
  /** k-means: the sum of squared distances to the clusters' means. */
  readonly inertia?: number
  /** DBSCAN: the radius, from the bend of the nearest distances. */
  readonly radius?: number
}

/** Points in the plane. */
export interface Projection {
  readonly method: ProjectionMethod
  /** [n, 2] as pairs, rounded for printing. */
  readonly points: readonly (readonly [number, number])[]
  /** Silhouette of the labels in the plane. */
  readonly labelSilhouette?: number
}

/** What clusters and projections say. Plain data. */
export interface Structure {
  /** Samples drawn with the key, of `total`. */
  readonly samples: number
  readonly total: number
  /** Number of each drawn sample in the training split. */
  readonly indices: readonly number[]
  /** Class of each drawn sample; absent without classes. */
  readonly labels?: readonly number[]
  /** Share of the variance along each component, descending. */
  readonly varianceRatios: readonly number[]
  /** Components that clusters are looked for in. */
  readonly components: number
  readonly clusterings: readonly Clustering[]
  readonly projections: readonly Projection[]
  /** What the numbers say, in words. */
  readonly sentences: readonly string[]
}

export interface StructureOptions {
  readonly key: Key
  readonly clusters: boolean
  readonly projections: readonly ProjectionMethod[]
  /** Samples drawn of more (default 2,000): every pair of them is compared. */
  readonly samples?: number
  onProgress?(what: string, share: number): void | Promise<void>
}

/** Numbers of clusters tried where there are no labels to say. */
const TRIED = [2, 3, 4, 5, 6, 7, 8, 9, 10]

/**
 * Whether samples fall into groups: k-means and DBSCAN over principal components, how well the groups hold together (silhouette) and
 * match the labels (adjusted Rand), and projections into the plane.
 *
 * Features of vectors are standardised first, because they may be on any scale; pixels and sound are not.
 *
 * @example
 * const { train } = await mnist().load()
 * const { sentences } = await structureOf(train, { key: key(0), clusters: true, projections: ['pca'] })
 */
export async function structureOf(dataset: Dataset, options: StructureOptions): Promise<Structure> {
  const { key, samples: most = 2000, onProgress = () => {} } = options
  const indices = drawn(dataset.length, most, foldIn(key, 'structure'))
  const { targets } = dataset
  const labels = targets.task === 'classification' ? Int32Array.from(indices, (i) => targets.labels[i] ?? 0) : undefined
  await onProgress('principal components', 0)
  const { scores, ratios } = await components(dataset, indices)
  const between = distances(scores)
  const clusterings = options.clusters ? await clusteringsOf(scores, between, { ...options, onProgress, labels }) : []
  const projections: Projection[] = []
  for (const method of options.projections) {
    const points = await project(method, scores, between, { key: foldIn(key, method), onProgress })
    const separation = labels && silhouette(distances(points), labels)
    projections.push({
      method,
      points: Array.from({ length: points.n }, (_, i) => [
        rounded(points.data[2 * i]),
        rounded(points.data[2 * i + 1]),
      ]),
      ...(separation !== undefined && { labelSilhouette: separation }),
    })
  }
  const found = {
    samples: indices.length,
    total: dataset.length,
    indices: Array.from(indices),
    ...(labels && { labels: Array.from(labels) }),
    varianceRatios: ratios,
    components: scores.d,
    clusterings,
    projections,
  }
  return { ...found, sentences: sentencesOf(found) }
}

const rounded = (value: number | undefined): number => Number((value ?? 0).toPrecision(5))

const drawn = (length: number, most: number, key: Key): Uint32Array =>
  length <= most ? Uint32Array.from({ length }, (_, i) => i) : permutation(key, length).slice(0, most).sort()

/** The samples along their principal components, features of vectors standardised first. */
async function components(dataset: Dataset, indices: Uint32Array): Promise<Components> {
  const { inputs } = await gather(dataset, indices)
  const width = sizeOf(dataset.inputs.shape)
  const values = modalityOf(dataset.inputs) === 'vectors' ? standardised(inputs, width) : Float32Array.from(inputs)
  return componentsOf({ data: values, n: indices.length, d: width }, dataset.name)
}

/** Every column with mean 0 and standard deviation 1; a constant one is 0. */
function standardised(inputs: Uint8Array | Float32Array, width: number): Float32Array {
  const out = new Float32Array(inputs.length)
  const n = inputs.length / width
  for (let column = 0; column < width; column++) {
    const moments = runningMoments()
    for (let i = 0; i < n; i++) moments.add(inputs[i * width + column] ?? 0)
    const { mean, std } = moments.result()
    if (std > 0) for (let i = 0; i < n; i++) out[i * width + column] = ((inputs[i * width + column] ?? 0) - mean) / std
  }
  return out
}

interface ClusteringOptions extends Pick<StructureOptions, 'key'> {
  readonly labels: Int32Array | undefined
  onProgress(what: string, share: number): void | Promise<void>
}

async function clusteringsOf(
  scores: Points,
  between: Float32Array,
  { key, labels, onProgress }: ClusteringOptions,
): Promise<Clustering[]> {
  const described = (clusters: Int32Array) => {
    const [width, agreement] = [silhouette(between, clusters), labels && adjustedRand(labels, clusters)]
    return {
      clusters: new Set(clusters.filter((cluster) => cluster >= 0)).size,
      noise: clusters.filter((cluster) => cluster < 0).length,
      ...(width !== undefined && { silhouette: width }),
      ...(agreement !== undefined && { adjustedRand: agreement }),
    }
  }
  const means: Clustering[] = []
  const classes = labels && new Set(labels).size
  const tried = (classes !== undefined && classes > 1 ? [classes] : TRIED).filter((k) => k < scores.n)
  for (const [i, k] of tried.entries()) {
    await onProgress('k-means', i / tried.length)
    const { clusters, inertia } = kMeans(scores, k, { key: foldIn(foldIn(key, 'k-means'), k) })
    means.push({ method: 'k-means', ...described(clusters), inertia })
  }
  // Without labels to say how many, the number of clusters that hold together best.
  const [best] = means.sort((a, b) => (b.silhouette ?? -1) - (a.silhouette ?? -1))
  await onProgress('DBSCAN', 0)
  const radius = bendRadius(between, scores.n)
  const dense: Clustering = { method: 'DBSCAN', ...described(dbscan(between, scores.n, { radius })), radius }
  return [...(best ? [best] : []), dense]
}
