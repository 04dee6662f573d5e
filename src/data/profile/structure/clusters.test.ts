import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { key } from '../../../random/index.ts'
import { adjustedRand } from './adjustedRand.ts'
import { bendRadius, dbscan } from './dbscan.ts'
import { kMeans } from './kMeans.ts'
import { distances, type Points } from './points.ts'
import { silhouette } from './silhouette.ts'

const numbers = z.array(z.number())
const golden = z
  .object({
    points: z.array(numbers),
    labels: numbers,
    kMeans: z.array(
      z.object({
        k: z.number(),
        inertia: z.number(),
        silhouette: z.number(),
        adjustedRand: z.number(),
        clusters: numbers,
      }),
    ),
    dbscan: z.array(z.object({ radius: z.number(), clusters: numbers, adjustedRand: z.number() })),
  })
  .parse(JSON.parse(readFileSync(new URL('./fixtures/clusters.json', import.meta.url), 'utf8')))
const points: Points = { data: Float64Array.from(golden.points.flat()), n: golden.points.length, d: 3 }
const between = distances(points)

describe('clusters, as scikit-learn has them', () => {
  it.each(golden.kMeans)('k-means, k = $k', ({ k, inertia, silhouette: width, adjustedRand: agreement, clusters }) => {
    const found = kMeans(points, k, { key: key(0), runs: 50 })
    expect(found.inertia).toBeCloseTo(inertia, 8)
    expect(adjustedRand(found.clusters, clusters)).toBe(1)
    expect(silhouette(between, found.clusters)).toBeCloseTo(width, 6)
    expect(adjustedRand(golden.labels, found.clusters)).toBeCloseTo(agreement, 12)
  })

  it.each(golden.dbscan)('DBSCAN, radius $radius', ({ radius, clusters, adjustedRand: agreement }) => {
    const found = dbscan(between, points.n, { radius })
    expect(Array.from(found)).toEqual(clusters)
    expect(adjustedRand(golden.labels, found)).toBeCloseTo(agreement, 12)
  })
})

describe('k-means', () => {
  it('is a function of its key', () => {
    const once = kMeans(points, 5, { key: key(3), runs: 1 })
    expect(kMeans(points, 5, { key: key(3), runs: 1 })).toEqual(once)
  })
})

describe('DBSCAN', () => {
  it('takes a radius that leaves the far points out as noise', () => {
    const found = dbscan(between, points.n, { radius: bendRadius(between, points.n) })
    expect(found.filter((cluster) => cluster < 0).length).toBeGreaterThanOrEqual(3)
    expect(Math.max(...found)).toBeGreaterThanOrEqual(0)
  })
})

describe('silhouette and adjusted Rand at their ends', () => {
  it('is none for one cluster, 1 for the same groups, and 0 for all in one', () => {
    expect(silhouette(between, new Int32Array(points.n))).toBeUndefined()
    expect(adjustedRand([0, 0, 1, 1], [5, 5, -1, -1])).toBe(1)
    expect(adjustedRand([0, 0, 1, 1], [0, 0, 0, 0])).toBe(0)
  })
})
