import { type Dataset, gather } from '../../data/index.ts'
import type { Clustering, Projection, Structure } from '../../data/profile/index.ts'
import { modalityOf } from '../../data/profile/index.ts'
import { counted, percent, score, short } from '../../data/profile/words.ts'
import { projectionFigure, screeFigure, thumbnail } from '../../figures/index.ts'
import type { Section } from '../document.ts'
import { whole } from '../format.ts'
import type { NamedFigure } from './figures.ts'
import { figureBlocks } from './profileReport.ts'

const TITLES = { pca: 'principal components', umap: 'UMAP', tsne: 't-SNE' }

/** Small pictures in a projection, and pixels of the larger side of one. */
const THUMBNAILS = 50
const THUMBNAIL_SIDE = 28

/** The figures of a structure: scree plot, and a plot for each projection. */
export async function structureFigures(structure: Structure, dataset: Dataset): Promise<NamedFigure[]> {
  const figures: NamedFigure[] = [
    {
      name: 'scree',
      figure: screeFigure(structure.varianceRatios),
      caption: `How much of the variance of ${whole(structure.samples)} samples each principal component holds.`,
    },
  ]
  for (const projection of structure.projections) {
    const [first, second] = projection.method === 'pca' ? structure.varianceRatios : []
    figures.push({
      name: `projection-${projection.method}`,
      figure: projectionFigure(await pointsOf(projection, structure, dataset), {
        title: `Samples by ${TITLES[projection.method]}`,
        ...(structure.labels && dataset.targets.task === 'classification' && { classes: dataset.targets.classes }),
        axes:
          first === undefined
            ? [`${TITLES[projection.method]} 1 (no unit)`, `${TITLES[projection.method]} 2 (no unit)`]
            : [
                `principal component 1 (${percent(first)} of the variance)`,
                `principal component 2 (${percent(second ?? 0)} of the variance)`,
              ],
      }),
      caption: captionOf(projection, structure),
    })
  }
  return figures
}

function captionOf({ method, labelSilhouette }: Projection, { samples, total }: Structure): string {
  const drawn = samples < total ? ` drawn by chance of ${whole(total)}` : ''
  const apart =
    labelSilhouette === undefined ? '' : ` Silhouette of the labels in this plane: ${score(labelSilhouette)}.`
  const caution = method === 'pca' ? '' : ' Distances between groups and their sizes say little.'
  return `${whole(samples)} samples${drawn} by ${TITLES[method]}.${apart}${caution}`
}

async function pointsOf({ points }: Projection, { indices, labels }: Structure, dataset: Dataset) {
  const { targets, inputs } = dataset
  const classes = targets.task === 'classification' ? targets.classes : []
  const pictured = new Set(modalityOf(inputs) === 'images' ? farApart(points, THUMBNAILS) : [])
  const made = []
  for (const [i, [x, y]] of points.entries()) {
    const label = labels?.[i]
    const name = label === undefined ? undefined : classes[label]
    const thumbnail = pictured.has(i) ? await thumbnailOf(dataset, indices[i] ?? 0) : undefined
    made.push({ x, y, ...(name !== undefined && { class: name }), ...(thumbnail !== undefined && { thumbnail }) })
  }
  return made
}

/** Points that cover the plane: each next one is as far as can be from those before it. */
function farApart(points: Projection['points'], count: number): number[] {
  const nearest = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY)
  const chosen: number[] = []
  let next = 0
  while (chosen.length < Math.min(count, points.length)) {
    chosen.push(next)
    const [x, y] = points[next] ?? [0, 0]
    let farthest = 0
    for (const [i, [px, py]] of points.entries()) {
      nearest[i] = Math.min(nearest[i] ?? 0, (px - x) ** 2 + (py - y) ** 2)
      if ((nearest[i] ?? 0) > (nearest[farthest] ?? 0)) farthest = i
    }
    next = farthest
  }
  return chosen
}

async function thumbnailOf(dataset: Dataset, index: number): Promise<string> {
  const { inputs } = await gather(dataset, Uint32Array.of(index))
  const [channels = 1, height = 1, width = 1] = dataset.inputs.shape
  return thumbnail({ data: inputs, shape: [channels, height, width] }, THUMBNAIL_SIDE)
}

/** What clusters and projections say, with figures. */
export async function structureSection(structure: Structure, figures: readonly NamedFigure[]): Promise<Section> {
  const { clusterings, sentences } = structure
  return {
    title: 'Structure',
    blocks: [
      { kind: 'paragraph', text: sentences.join(' ') },
      ...(clusterings.length > 0
        ? [
            {
              kind: 'table' as const,
              caption: `Clusters over ${counted(structure.components, 'principal component')}`,
              columns: [
                { title: 'method' },
                ...['clusters', 'noise', 'silhouette', 'adjusted Rand', 'inertia', 'radius'].map((title) => ({
                  title,
                  kind: 'number' as const,
                })),
              ],
              rows: clusterings.map(clusteringRow),
            },
          ]
        : []),
      ...(await figureBlocks(figures)),
    ],
  }
}

const clusteringRow = (one: Clustering): string[] => [
  one.method,
  whole(one.clusters),
  whole(one.noise),
  one.silhouette === undefined ? '–' : score(one.silhouette, 3),
  one.adjustedRand === undefined ? '–' : score(one.adjustedRand, 3),
  one.inertia === undefined ? '–' : short(one.inertia),
  one.radius === undefined ? '–' : short(one.radius),
]
