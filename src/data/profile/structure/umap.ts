import { UMAP } from 'umap-js'
import { foldIn, type Key } from '../../../random/key.ts'
import { uniform } from '../../../random/uniform.ts'
import { type Points, pointRows } from './points.ts'

export interface UmapOptions {
  readonly key: Key
  /** Points taken for near (default 15, fewer of few points). */
  readonly neighbours?: number
  /** Called now and then with the share that is done; what it returns is waited for. */
  onProgress?(share: number): void | Promise<void>
}

/**
 * UMAP: places points in the plane by a graph of near ones; keeps more of the whole than t-SNE does.
 *
 * Source: McInnes, Healy, Melville, "UMAP: uniform manifold approximation and projection", arXiv:1802.03426 (2018).
 *
 * @returns [n, 2]
 */
export async function umap(
  points: Points,
  { key, neighbours = 15, onProgress = () => {} }: UmapOptions,
): Promise<Points> {
  const model = new UMAP({ nNeighbors: Math.min(neighbours, points.n - 1), random: stream(key) })
  const epochs = model.initializeFit(pointRows(points))
  for (let epoch = 0; epoch < epochs; epoch++) {
    model.step()
    if (epoch % 10 === 0) await onProgress(epoch / epochs)
  }
  return { data: Float64Array.from(model.getEmbedding().flat()), n: points.n, d: 2 }
}

const BLOCK = 4096

/** Numbers in [0, 1) one after the other, which a library can ask for. */
export function stream(key: Key): () => number {
  let [block, at] = [0, BLOCK]
  let numbers: Float32Array = new Float32Array()
  return () => {
    if (at === BLOCK) {
      numbers = uniform(foldIn(key, block++), BLOCK)
      at = 0
    }
    return numbers[at++] ?? 0
  }
}
