import { UsageError } from '../../../errors.ts'
import type { Key } from '../../../random/key.ts'
import { sizeOf } from '../../../tensor/shape.ts'
import { createDataset } from '../../dataset.ts'
import {
  type PrincipalComponents,
  principalComponents,
  WHOLE,
} from '../../transforms/principalComponents/principalComponents.ts'
import { TrainingSamples } from '../../transforms/trainingSamples.ts'
import type { Points } from './points.ts'
import { tsne } from './tsne.ts'
import { umap } from './umap.ts'

export const PROJECTIONS = ['pca', 'umap', 'tsne'] as const
export type ProjectionMethod = (typeof PROJECTIONS)[number]

/** Components beyond this are noise to distances, and take time. */
const MOST_COMPONENTS = 50

/** Points along their principal components. */
export interface Components {
  /** Along at most 50 components. */
  readonly scores: Points
  /** Share of the variance along each component, descending. */
  readonly ratios: readonly number[]
}

/**
 * Points along their principal components.
 *
 * @param name - of what they are, in messages
 */
export async function componentsOf({ data: points, n, d: width }: Points, name: string): Promise<Components> {
  const values = Float32Array.from(points)
  const flat = createDataset({
    name,
    inputs: { data: values, shape: [width] },
    targets: { task: 'regression', values: new Float32Array(n), shape: [] },
  })
  const found = await leading(
    new TrainingSamples({ dataset: flat, indices: Uint32Array.from({ length: n }, (_, i) => i) }),
  )
  const d = Math.min(MOST_COMPONENTS, found.variances.length)
  const data = new Float64Array(n * d)
  for (let i = 0; i < n; i++)
    for (let c = 0; c < d; c++) {
      let score = 0
      for (let j = 0; j < width; j++)
        score += ((values[i * width + j] ?? 0) - (found.mean[j] ?? 0)) * (found.components[c * width + j] ?? 0)
      data[i * d + c] = score
    }
  return { scores: { data, n, d }, ratios: Array.from(found.variances, (one) => one / found.total) }
}

/**
 * Of few features nearly all of the variance, so that the scree plot is whole (the rest may be rounding errors); of many, 95 %; of more
 * samples and features than are decomposed whole, as many components as are looked at, because of noise 95 % are nearly all
 * there are. Two components where there are two, because a plane has two.
 */
async function leading(samples: TrainingSamples): Promise<PrincipalComponents> {
  const width = sizeOf(samples.shape)
  const of = (components: number): Promise<PrincipalComponents | undefined> =>
    principalComponents(samples, { components }).catch((error: unknown) => {
      // They vary along fewer.
      if (error instanceof UsageError) return undefined
      throw error
    })
  const many = Math.min(samples.length, width) > WHOLE ? await of(MOST_COMPONENTS) : undefined
  const found = many ?? (await principalComponents(samples, { variance: width <= MOST_COMPONENTS ? 0.999999 : 0.95 }))
  if (found.variances.length > 1 || samples.length < 3 || width < 2) return found
  return (await of(2)) ?? found
}

/** Places points in the plane: their first two principal components, or what UMAP or t-SNE makes of them. */
export async function project(
  method: ProjectionMethod,
  scores: Points,
  between: Float32Array,
  { key, onProgress = () => {} }: { readonly key: Key; onProgress?(what: string, share: number): void | Promise<void> },
): Promise<Points> {
  switch (method) {
    case 'pca': {
      const first = Float64Array.from({ length: 2 * scores.n }, (_, i) =>
        i % 2 < scores.d ? (scores.data[Math.floor(i / 2) * scores.d + (i % 2)] ?? 0) : 0,
      )
      return { data: first, n: scores.n, d: 2 }
    }
    case 'umap':
      return umap(scores, { key, onProgress: (share) => onProgress('UMAP', share) })
    case 'tsne':
      return tsne({ distances: between, start: scores, onProgress: (share) => onProgress('t-SNE', share) })
  }
}
