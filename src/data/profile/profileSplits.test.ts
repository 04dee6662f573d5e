import { describe, expect, it } from 'vitest'
import { key, uniform } from '../../random/index.ts'
import { createDataset, type Dataset, type Splits } from '../dataset.ts'
import { mnist } from '../sources/mnist.ts'
import { scan } from './collector.ts'
import { strongestPairs } from './correlation.ts'
import { floatFields } from './floatFields.ts'
import { type NumberField, profileSplits, type SplitProfile } from './index.ts'

const numbers = (split: SplitProfile | undefined): NumberField[] =>
  (split?.fields ?? []).flatMap((field) => (field.kind === 'number' ? [field] : []))

function vectors(rows: readonly (readonly number[])[], labels: readonly number[]): Dataset {
  return createDataset({
    name: 'points',
    inputs: { data: Float32Array.from(rows.flat()), shape: [rows[0]?.length ?? 1] },
    targets: { task: 'classification', labels: Int32Array.from(labels), classes: ['low', 'high'] },
  })
}

const splits: Splits = {
  train: vectors(
    [
      [1, 10, 7],
      [2, 20, 7],
      [3, 30, 7],
      [4, 40, 7],
      [100, 50, 7],
      [1, 10, 7],
    ],
    [0, 0, 0, 1, 1, 1],
  ),
  test: vectors(
    [
      [2, 20, 7],
      [5, 5, 5],
      [5, 5, 5],
    ],
    [0, 1, 1],
  ),
  leftOut: [{ item: 'line 4 of points.csv', reason: 'too few columns' }],
}

describe('profileSplits', () => {
  it('tells moments, quantiles and outliers of each feature', async () => {
    const { profile } = await profileSplits(splits, { key: key(0) })
    const [first, second] = numbers(profile.splits[0])
    expect(first).toMatchObject({
      name: 'feature 0',
      count: 6,
      unique: 5,
      min: 1,
      max: 100,
      mean: 18.5,
      median: 2.5,
      q25: 1.25,
      q75: 3.75,
    })
    expect(first?.std).toBeCloseTo(36.46345, 4)
    expect(first?.outliers).toEqual({ count: 1, low: -2.5, high: 7.5 })
    expect(second).toMatchObject({ min: 10, max: 50, unique: 5 })
    expect(second?.histogram.counts.reduce((a, b) => a + b)).toBe(6)
    expect(profile.constantFeatures).toBe(1)
  })

  it('finds copies within the splits, between them, and under two labels', async () => {
    const { profile } = await profileSplits(splits, { key: key(0) })
    expect(profile.duplicates).toEqual({
      withinTrain: 1,
      withinTest: 1,
      between: 1,
      conflicting: 1,
      examples: ['train 0 = train 5', 'train 1 = test 0', 'test 1 = test 2'],
    })
  })

  it('correlates features, a constant one with nothing', async () => {
    const { profile } = await profileSplits(splits, { key: key(0) })
    expect(profile.correlation?.matrix[2]).toEqual([null, null, null])
    expect(profile.correlation?.matrix[0]?.[0]).toBeCloseTo(1, 12)
    const [pair] = profile.correlation ? strongestPairs(profile.correlation) : []
    expect(pair).toMatchObject({ a: 'feature 0', b: 'feature 1' })
    expect(pair?.r).toBeCloseTo(0.72055, 4)
  })

  it('answers the eight questions', async () => {
    const { profile } = await profileSplits(splits, { key: key(0) })
    const answers = profile.answers.map(({ answer }) => answer)
    expect(answers).toHaveLength(8)
    expect(answers[0]).toBe('9 vectors: 6 to train and 3 to test.')
    expect(answers[1]).toBe('Binary classification: each vector belongs to one of 2 classes.')
    expect(answers[2]).toContain('1 (in feature 0) and 100 (in feature 0)')
    expect(answers[3]).toBe('[3]: 3 numbers.')
    expect(answers[4]).toContain('1 item of the source could not be read')
    expect(answers[5]).toContain('Every class has 3 samples to train')
    expect(answers[6]).toContain('1 of the test samples are in the training split too')
    expect(answers[7]).toContain('under more than one label')
  })

  it('profiles MNIST: its mean 0.1307 and standard deviation 0.3081, no copies, and the pictures of each class', async () => {
    const { train, test } = await mnist().load()
    const few = (dataset: Dataset, n: number): Dataset => {
      if (!('data' in dataset.inputs) || dataset.targets.task !== 'classification')
        throw new Error('MNIST is in memory')
      const { data, shape } = dataset.inputs
      return createDataset({
        name: 'mnist',
        inputs: { data: data.subarray(0, n * 784), shape },
        targets: { ...dataset.targets, labels: dataset.targets.labels.subarray(0, n) },
      })
    }
    const shares: number[] = []
    const { profile, pictures } = await profileSplits(
      { train: few(train, 5000), test: few(test, 500) },
      { key: key(0), onProgress: (share) => void shares.push(share) },
    )
    const [grey] = numbers(profile.splits[0])
    expect(profile.modality).toBe('images')
    expect((grey?.mean ?? 0) / 255).toBeCloseTo(0.13, 2)
    expect((grey?.std ?? 0) / 255).toBeCloseTo(0.31, 2)
    expect(grey).toMatchObject({ min: 0, max: 255, unique: 256, count: 5000 * 784 })
    expect(profile.splits[0]?.classCounts?.reduce((a, b) => a + b)).toBe(5000)
    expect(profile.duplicates).toMatchObject({ withinTrain: 0, withinTest: 0, between: 0 })
    expect(pictures.samples).toHaveLength(100)
    expect(pictures.samples.slice(0, 10).every(({ caption }) => caption === '0')).toBe(true)
    expect(pictures.means).toHaveLength(10)
    expect(shares.at(-1)).toBe(1)
  })

  it('takes quantiles of a sample where there are too many values, and says so', async () => {
    const n = 20_000
    const targets = { task: 'regression', values: new Float32Array(n), shape: [] } as const
    const data = createDataset({ name: 'many', inputs: { data: uniform(key(1), n), shape: [1] }, targets })
    const fields = floatFields({ names: ['x'], size: 1 }, { samples: n, key: key(0), outliers: true, kept: 5000 })
    await scan(data, [fields])
    const [field] = fields.result()
    expect(field).toMatchObject({ count: n, sampled: 5000 })
    expect(field?.median).toBeCloseTo(0.5, 1)
    expect(field).not.toHaveProperty('unique')
  })
})
