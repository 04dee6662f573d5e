import { describe, expect, it } from 'vitest'
import { key, uniform } from '../../random/index.ts'
import type { Answers, Table } from '../baseline.ts'
import { binsOf, edgeBetween } from './bins.ts'
import { randomForest } from './randomForest.ts'
import { addPredictions, growTree, type Wanted } from './tree.ts'

const table = (width: number, ...data: readonly number[]): Table => ({
  data: Float32Array.from(data),
  rows: data.length / width,
  width,
})
const wanted = (width: number, ...values: readonly number[]): Wanted => ({ values: Float32Array.from(values), width })
const all = { features: 2, depth: Number.POSITIVE_INFINITY, leaf: 1 }
const ones = (rows: number) => new Uint8Array(rows).fill(1)

function answers(tree: ReturnType<typeof growTree>, samples: Table, width: number): number[] {
  const out = new Float64Array(samples.rows * width)
  addPredictions(tree, samples, out)
  return [...out]
}

describe('bins', () => {
  it('cut few values between each two, and put each in its step', () => {
    const { steps, edges } = binsOf(table(2, 1, 5, 3, 5, 2, 5, 3, 5))
    expect(edges.map((own) => [...own])).toEqual([[1.5, 2.5], []])
    expect([...steps]).toEqual([0, 2, 1, 2, 0, 0, 0, 0])
  })

  it('cut many values into at most 64 steps with about as many samples each', () => {
    const { steps, edges } = binsOf(table(1, ...uniform(key(0), 6400)))
    expect(edges[0]?.length).toBe(63)
    const counts = new Uint32Array(64)
    for (const step of steps) counts[step] = (counts[step] ?? 0) + 1
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThanOrEqual(2)
  })

  it('keep neighbours apart where float32 has nothing between them', () => {
    const next = Math.fround(1 + 2 ** -23)
    expect(edgeBetween(1, next)).toBe(1)
    const { steps } = binsOf(table(1, 1, next))
    expect([...steps]).toEqual([0, 1])
  })
})

describe('growTree', () => {
  it('splits where classes part, worked out by hand', () => {
    // The second feature parts the classes at 2.5; the first does not.
    const samples = table(2, 0, 1, 1, 2, 0, 3, 1, 4)
    const tree = growTree(binsOf(samples), wanted(2, 1, 0, 1, 0, 0, 1, 0, 1), ones(4), all, () => 0)
    expect(tree).toMatchObject({ feature: [1, -1, -1], threshold: [2.5, 0, 0], left: [1, -1, -1], right: [2, -1, -1] })
    expect(answers(tree, table(2, 9, 2.4, 9, 2.6), 2)).toEqual([1, 0, 0, 1])
  })

  it('takes means of numbers, and lowers their squared error the most at each split', () => {
    const samples = table(1, 1, 2, 3, 4)
    const tree = growTree(binsOf(samples), wanted(1, 0, 0, 10, 12), ones(4), { ...all, depth: 1 }, () => 0)
    expect(tree.threshold[0]).toBe(2.5)
    expect(answers(tree, samples, 1)).toEqual([0, 0, 11, 11])
  })

  it('counts a row as often as it was drawn, and leaves out what was not', () => {
    const samples = table(1, 1, 2, 3)
    const tree = growTree(binsOf(samples), wanted(1, 0, 6, 99), Uint8Array.of(2, 1, 0), { ...all, depth: 0 }, () => 0)
    expect(answers(tree, samples, 1)).toEqual([2, 2, 2])
  })

  it('keeps as many samples in a leaf as it is told, and stops where no feature tells samples apart', () => {
    const samples = table(1, 1, 2, 3, 4)
    const values = wanted(1, 0, 0, 0, 8)
    const tree = growTree(binsOf(samples), values, ones(4), { ...all, leaf: 2 }, () => 0)
    expect(answers(tree, samples, 1)).toEqual([0, 0, 4, 4])
    const same = growTree(binsOf(table(1, 5, 5)), wanted(1, 0, 1), ones(2), all, () => 0)
    expect(same.feature).toEqual([-1])
    expect([...(same.mean[0] ?? [])]).toEqual([0.5])
  })

  it('goes on to other features where those drawn tell nothing apart', () => {
    // The draw begins with the first feature, in which all of the left half is alike.
    const samples = table(2, 0, 1, 0, 2, 1, 1, 1, 2)
    const tree = growTree(binsOf(samples), wanted(1, 0, 1, 5, 9), ones(4), { ...all, features: 1 }, () => 0)
    expect(answers(tree, samples, 1)).toEqual([0, 1, 5, 9])
  })
})

describe('randomForest', () => {
  const x = uniform(key(0), 600, { low: -1, high: 1 })
  const samples: Table = { data: x, rows: 300, width: 2 }
  const inCircle = Int32Array.from({ length: 300 }, (_, i) =>
    Number((x[2 * i] ?? 0) ** 2 + (x[2 * i + 1] ?? 0) ** 2 < 0.5),
  )
  const circle: Answers = { task: 'classification', labels: inCircle, classes: 2 }

  it('is a function of the key', async () => {
    const scores = async (seed: number) =>
      (await randomForest({ trees: 5 }).fit(samples, circle, key(seed))).predict(samples)
    expect(await scores(1)).toEqual(await scores(1))
    expect(await scores(1)).not.toEqual(await scores(2))
  })

  it('gives logarithms of shares, and means of numbers', async () => {
    const forest = await randomForest({ trees: 30 }).fit(samples, circle, key(0))
    const probabilities = Array.from(await forest.predict(table(2, 0, 0, 0.95, 0.95)), Math.exp)
    expect(probabilities[1]).toBeGreaterThan(0.9)
    expect(probabilities[2]).toBeGreaterThan(0.9)
    expect((probabilities[0] ?? 0) + (probabilities[1] ?? 0)).toBeCloseTo(1, 5)
    const heights: Answers = { task: 'regression', values: x.filter((_, i) => i % 2 === 0).map((v) => v * v), width: 1 }
    const parabola = await randomForest({ trees: 30 }).fit(samples, heights, key(0))
    const [low, high] = await parabola.predict(table(2, 0, 0.3, 0.9, -0.2))
    expect(low).toBeCloseTo(0, 1)
    expect(Math.abs((high ?? 0) - 0.81)).toBeLessThan(0.1)
  })
})
