import { counted, percent, score, short, whole } from '../words.ts'
import type { Clustering, Structure } from './structure.ts'

/** Kaufman and Rousseeuw's reading of silhouettes ("Finding groups in data", 1990). */
function held(width: number): string {
  if (width > 0.7) return 'strong groups'
  if (width > 0.5) return 'reasonable groups'
  return width > 0.25 ? 'weak groups that may be artificial' : 'no groups that stand apart'
}

function matched(agreement: number): string {
  if (agreement > 0.8) return 'they are nearly the labels’ own'
  if (agreement > 0.4) return 'they follow the labels in part'
  return agreement > 0.1 ? 'they have little to do with the labels' : 'they have nothing to do with the labels'
}

const NAMES = { pca: 'two principal components', umap: 'UMAP', tsne: 't-SNE' }

/** What the numbers say, in words. */
export function sentencesOf(of: Omit<Structure, 'sentences'>): string[] {
  const { samples, total, varianceRatios, clusterings, projections, components } = of
  const [first = 0, second = 0] = varianceRatios
  let [needed, sum] = [0, 0]
  while (needed < varianceRatios.length && sum < 0.9) sum += varianceRatios[needed++] ?? 0
  return [
    ...(samples < total ? [`Looked at ${whole(samples)} of ${whole(total)} samples, drawn by chance.`] : []),
    varianceRatios.length < 2
      ? `One principal component holds ${percent(first)} of the variance.`
      : `Two principal components hold ${percent(first + second)} of the variance${sum >= 0.9 ? `, and it takes ${whole(needed)} to hold 90 %` : `, and ${whole(needed)} hold ${percent(sum)}`}.`,
    ...clusterings.map((one) => clusteringSentence(one, samples, components)),
    ...projections.flatMap(({ method, labelSilhouette }) =>
      labelSilhouette === undefined
        ? []
        : [
            `In the plane of ${NAMES[method]} the labels ${labelSilhouette > 0.25 ? 'stand apart' : labelSilhouette > 0 ? 'overlap' : 'lie among each other'} (silhouette ${score(labelSilhouette)}).`,
          ],
    ),
  ]
}

function clusteringSentence(one: Clustering, samples: number, components: number): string {
  const { method, clusters, noise, silhouette, adjustedRand, radius } = one
  const found = `${method}${radius === undefined ? '' : ` (radius ${short(radius)})`} over ${counted(components, 'component')} finds ${clusters === 0 ? 'no cluster' : clusters === 1 ? 'one cluster' : `${whole(clusters)} clusters`}${noise > 0 ? ` and leaves ${percent(noise / samples)} as noise` : ''}`
  if (clusters < 2) return `${found}: there are no groups to compare.`
  const few = noise > samples / 2 ? 'most samples are in none, and those that are in one make ' : ''
  const quality = silhouette === undefined ? '' : `: ${few}${held(silhouette)} (silhouette ${score(silhouette)})`
  const labels = adjustedRand === undefined ? '' : `; ${matched(adjustedRand)} (adjusted Rand ${score(adjustedRand)})`
  return `${found}${quality}${labels}.`
}
