import { describe, expect, it } from 'vitest'
import { foldIn, key, normal } from '../../../random/index.ts'
import '../../../runtime/ort/node.ts'
import { createDataset } from '../../dataset.ts'
import { structureOf } from './structure.ts'
import { stream } from './umap.ts'

/** Three groups of 40 at the corners of a triangle. */
const labels = Int32Array.from({ length: 120 }, (_, i) => i % 3)
const noise = normal(foldIn(key(0), 'noise'), 120 * 3, { std: 0.3 })
const inputs = {
  data: noise.map((value, i) => value + (i % 3 === (labels[Math.floor(i / 3)] ?? 0) ? 6 : 0)),
  shape: [3],
}
const groups = createDataset({
  name: 'groups',
  inputs,
  targets: { task: 'classification', labels, classes: ['a', 'b', 'c'] },
})
const unlabelled = createDataset({
  name: 'groups',
  inputs,
  targets: { task: 'regression', values: new Float32Array(120), shape: [] },
})

describe('structureOf', () => {
  it('finds groups that are there, by every way, and says so', async () => {
    const found = await structureOf(groups, { key: key(0), clusters: true, projections: ['pca', 'umap', 'tsne'] })
    const [means, dense] = found.clusterings
    expect(means).toMatchObject({ method: 'k-means', clusters: 3, adjustedRand: 1, noise: 0 })
    expect(means?.silhouette).toBeGreaterThan(0.7)
    expect(dense).toMatchObject({ method: 'DBSCAN', clusters: 3 })
    expect(dense?.adjustedRand).toBeGreaterThan(0.9)
    for (const { points, labelSilhouette } of found.projections) {
      expect(points).toHaveLength(120)
      expect(labelSilhouette).toBeGreaterThan(0.7)
    }
    expect(found.varianceRatios.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    expect(found.sentences.join(' ')).toContain('k-means over 3 components finds 3 clusters: strong groups')
    expect(found.sentences.join(' ')).toContain('they are nearly the labels’ own (adjusted Rand 1.00)')
  }, 30_000)

  it('chooses the number of clusters by silhouette where there are no labels', async () => {
    const found = await structureOf(unlabelled, { key: key(0), clusters: true, projections: [] })
    expect(found.clusterings[0]).toMatchObject({ clusters: 3 })
    expect(found.clusterings[0]).not.toHaveProperty('adjustedRand')
    expect(found.labels).toBeUndefined()
  })

  it('draws some of many samples with the key, and says how many', async () => {
    const few = await structureOf(groups, { key: key(1), clusters: false, projections: ['pca'], samples: 30 })
    expect(few.indices).toHaveLength(30)
    expect(few.sentences[0]).toBe('Looked at 30 of 120 samples, drawn by chance.')
    expect(await structureOf(groups, { key: key(1), clusters: false, projections: ['pca'], samples: 30 })).toEqual(few)
    const other = await structureOf(groups, { key: key(2), clusters: false, projections: [], samples: 30 })
    expect(other.indices).not.toEqual(few.indices)
  })
})

describe('stream', () => {
  it('goes on beyond its block, the same for a key', () => {
    const [one, same] = [stream(key(0)), stream(key(0))]
    const numbers = Array.from({ length: 5000 }, one)
    expect(Array.from({ length: 5000 }, same)).toEqual(numbers)
    expect(numbers[4096]).not.toBe(numbers[0])
    expect(numbers.reduce((a, b) => a + b) / 5000).toBeCloseTo(0.5, 1)
  })
})
