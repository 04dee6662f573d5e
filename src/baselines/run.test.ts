import { describe, expect, it } from 'vitest'
import '../index.ts'
import { arrays, standardize } from '../data/index.ts'
import { mse as mseMetric } from '../metrics/index.ts'
import { linear, mse } from '../nn/index.ts'
import { key, normal } from '../random/index.ts'
import { classify, trained } from '../testing/experiments.ts'
import { sine } from '../testing/made.ts'
import { prepare } from '../train/index.ts'
import { baseline, knn, linearSvm, majority, randomForest, ridge } from './index.ts'

describe('baseline', () => {
  it('is judged on the same splits by the same metrics as the network', async () => {
    const { evaluate, prepared } = await trained(classify, 0)
    const network = await evaluate(prepared.test)
    const { validation, test, model, seconds } = await baseline(classify, knn({ k: 3 }), { prepared })
    expect(model).toEqual({ kind: 'knn', config: { k: 3, weights: 'uniform' } })
    expect(seconds).toBeGreaterThanOrEqual(0)
    expect(test?.predictions.targets).toEqual(network.predictions.targets)
    expect(validation?.predictions.targets).toHaveLength(18)
    expect(Object.keys(test?.scores ?? {})).toEqual(['accuracy', 'f1Macro'])
    expect(test?.scores.accuracy).toBe(1)
    expect(test?.scores.accuracy).toBe(test && classify.metrics[0]?.compute(test.predictions))
  })

  it('is given samples as the transforms make them', async () => {
    // The second feature says nothing and is a thousand times as large: without scaling it decides who is near.
    const make = (seed: number) => {
      const noise = normal(key(seed), 80)
      const labels = Array.from({ length: 40 }, (_, i) => i % 2)
      const data = noise.map((value, i) => (i % 2 === 1 ? value * 1000 : value * 0.2 + (labels[i >> 1] ?? 0)))
      return {
        inputs: { data, shape: [2] },
        targets: { task: 'classification' as const, labels, classes: ['a', 'b'] },
      }
    }
    const raw = classify.with({
      data: arrays({ name: 'scales', ...make(0), test: make(1) }),
      split: { validation: 0 },
      prepare: [],
      model: linear(2),
    })
    const [{ test: without, validation }, { test: scaled }] = [
      await baseline(raw, knn()),
      await baseline(raw.with({ prepare: [standardize()] }), knn()),
    ]
    expect(validation).toBeUndefined()
    expect(without?.scores.accuracy).toBeLessThan(0.8)
    expect(scaled?.scores.accuracy).toBeGreaterThan(0.9)
  })

  it('predicts numbers, and refuses classes where there are none', async () => {
    const line = classify.with({
      data: sine(100),
      split: { validation: 25 },
      model: linear(1),
      loss: mse(),
      metrics: [mseMetric()],
    })
    const prepared = await prepare(line)
    const scoreOf = async (model: Parameters<typeof baseline>[1]) =>
      (await baseline(line, model, { prepared })).validation?.scores.mse ?? Number.NaN
    const [mean, straight, forest, near] = [
      await scoreOf(majority()),
      await scoreOf(ridge()),
      await scoreOf(randomForest()),
      await scoreOf(knn({ k: 3 })),
    ]
    expect(mean).toBeGreaterThan(0.3)
    expect(straight).toBeLessThan(mean)
    expect(forest).toBeLessThan(0.02)
    expect(near).toBeLessThan(0.02)
    await expect(baseline(line, linearSvm(), { prepared })).rejects.toThrow(
      'linearSvm is for classification, and the data of clouds are for regression: choose another model',
    )
  })
})
