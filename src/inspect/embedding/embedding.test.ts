import { describe, expect, it } from 'vitest'
import { createDataset } from '../../data/index.ts'
import { distances } from '../../data/profile/structure/points.ts'
import { UsageError } from '../../errors.ts'
import { initialize, linear, loadStateDict, relu, sequential } from '../../nn/index.ts'
import { key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { embedding } from './embedding.ts'
import { faithfulness, knnAccuracy, nearest } from './neighbours.ts'

const line = (...places: number[]) => {
  const data = Float64Array.from(places)
  return { data: distances({ data, n: places.length, d: 1 }), n: places.length }
}

describe('neighbours', () => {
  it('are the nearest others, the earlier of equals first', () => {
    expect(nearest(line(0, 1, -1, 5), 0, 2)).toEqual([1, 2])
    expect(nearest(line(0, 1, -1, 5), 3, 9)).toEqual([1, 0, 2])
  })

  it('vote on the class, the nearest deciding between equals', () => {
    expect(knnAccuracy(line(0, 1, 2, 10, 11, 12), [0, 0, 0, 1, 1, 1], 2)).toBe(1)
    // 3 is nearest to 2: the votes of 0 and 1 are equal for k = 2 there, and 2 decides.
    expect(knnAccuracy(line(0, 1, 2, 3), [0, 0, 1, 1], 1)).toBe(3 / 4)
    expect(knnAccuracy(line(0, 1, 2, 3), [0, 1, 0, 1], 1)).toBe(0)
  })

  it('that a plane keeps are all trusted', () => {
    const before = line(0, 1, 3, 6, 10, 15, 21, 28)
    expect(faithfulness(before, line(0, 2, 6, 12, 20, 30, 42, 56), 2)).toEqual({
      trustworthiness: 1,
      continuity: 1,
      preserved: 1,
    })
  })

  it('that are made up or lost cost what Venna and Kaski’s formula says', () => {
    // k = 1. Before: 0–1, 1–0, 2–1, 3–2 (nearest). After, 3 lies between 0 and 1.
    const before = line(0, 1, 3, 6, 20)
    const after = line(0, 1, 3, 0.4, 20)
    // Nearest after: of 0 it is 3 (before the third: 3 − 1), of 1 it is 3 (third), of 2 it is 1 (first), of 3 it is 0 (third), of 4 it is 2 (second).
    const scale = 2 / (5 * 1 * (10 - 3 - 1))
    const found = faithfulness(before, after, 1)
    expect(found.trustworthiness).toBeCloseTo(1 - scale * (2 + 2 + 0 + 2 + 1), 12)
    // Before, the nearest of 0 was 1 (now the second), of 1 was 0 (second), of 2 was 1, of 3 was 2 (third), of 4 was 3 (third, behind 2 and 1).
    expect(found.continuity).toBeCloseTo(1 - scale * (1 + 1 + 0 + 2 + 2), 12)
    expect(found.preserved).toBe(1 / 5)
  })
})

describe('embedding', () => {
  const n = 90
  /** Three classes that only the first number tells, which the layer makes large; the other three are noise. */
  const noise = normal(key(0), 4 * n)
  const labels = Int32Array.from({ length: n }, (_, i) => i % 3)
  const data = noise.map((value, i) => (i % 4 === 0 ? 0.1 * value + (labels[Math.floor(i / 4)] ?? 0) : value))
  const dataset = createDataset({
    name: 'three',
    inputs: { data, shape: [4] },
    targets: { task: 'classification', classes: ['a', 'b', 'c'], labels },
  })
  const model = sequential(linear(2, { bias: false }), relu(), linear(3))
  const variables = loadStateDict(initialize(model, key(1), [4]), {
    '0.weight': { shape: [2, 4], data: Float32Array.of(10, 0, 0, 0, 5, 0, 0, 0.1) },
    '2.weight': { shape: [3, 2], data: new Float32Array(6).fill(1) },
    '2.bias': { shape: [3], data: new Float32Array(3) },
  })
  const samples = { dataset, indices: Uint32Array.from({ length: n }, (_, i) => i) }

  it('finds what the features tell and the inputs do not, and how faithful the planes are', async () => {
    const tasks = new Set<string>()
    const found = await embedding(
      { model },
      variables,
      samples,
      { key: key(0), k: 5, onProgress: (task) => tasks.add(task) },
      labels,
    )
    expect([found.layer, found.width, found.isPooled, found.positions.length]).toEqual(['1', 2, false, n])
    expect(found.knn?.features).toBeGreaterThan(0.95)
    expect(found.knn?.inputs).toBeLessThan(0.9)
    expect(found.planes.map(({ method }) => method)).toEqual(['pca', 'umap', 'tsne'])
    // Two numbers are a plane already.
    expect(found.planes[0]?.trustworthiness).toBeGreaterThan(0.9999)
    expect(found.planes[0]?.knnAccuracy).toBeCloseTo(found.knn?.features ?? 0, 1)
    for (const { trustworthiness } of found.planes) expect(trustworthiness).toBeGreaterThan(0.8)
    expect([...tasks].some((task) => task.includes('layer 1'))).toBe(true)
  })

  it('draws some of many with the key, those asked for among them', async () => {
    const at = (seed: number) =>
      embedding({ model }, variables, samples, {
        key: key(seed),
        methods: ['pca'],
        samples: 40,
        k: 3,
        including: [7, 80],
      })
    const { positions, knn } = await at(0)
    expect(positions).toHaveLength(40)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions).toEqual(expect.arrayContaining([7, 80]))
    expect((await at(0)).positions).toEqual(positions)
    expect((await at(1)).positions).not.toEqual(positions)
    expect(knn).toBeUndefined()
  })

  it('refuses what is no layer, and too few samples', async () => {
    const ask = (layer: string, count: number) =>
      embedding({ model }, variables, samples, { key: key(0), layer, samples: count, methods: ['pca'] })
    await expect(ask('x', 50)).rejects.toThrow(UsageError)
    await expect(ask('1', 10)).rejects.toThrow('give at least 22 samples')
  })
})
