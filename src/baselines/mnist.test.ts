import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../index.ts'
import { arrays, type Dataset, inMemory, normalizeImage } from '../data/index.ts'
import { mnist } from '../data/node.ts'
import { accuracy } from '../metrics/index.ts'
import { crossEntropy, flatten, linear, sequential } from '../nn/index.ts'
import { sgd } from '../optim/index.ts'
import { type Experiment, experiment, type Prepared, prepare } from '../train/index.ts'
import { baseline, knn, linearSvm, logisticRegression, majority, randomForest, ridge } from './index.ts'

/** scikit-learn's accuracies. */
const golden = z
  .object({ mnist: z.record(z.string(), z.number()) })
  .parse(JSON.parse(readFileSync(new URL('fixtures/golden.json', import.meta.url), 'utf8'))).mnist

const first = (dataset: Dataset, count: number) => {
  const { inputs, targets } = inMemory(dataset)
  if (targets.task !== 'classification') throw new Error('digits are classes')
  const { labels, classes } = targets
  return {
    inputs: { data: inputs.data.subarray(0, count * 784), shape: inputs.shape },
    targets: { task: 'classification' as const, labels: labels.subarray(0, count), classes },
  }
}

describe('on 2,000 images of MNIST, tested on 1,000, within a point of scikit-learn', { timeout: 240_000 }, () => {
  let of: Experiment
  let prepared: Prepared
  beforeAll(async () => {
    const { train, test } = await mnist().load()
    of = experiment({
      name: 'mnist-2000',
      data: arrays({ name: 'mnist-2000', ...first(train, 2000), test: first(test, 1000) }),
      prepare: [normalizeImage()],
      model: sequential(flatten(), linear(10)),
      loss: crossEntropy(),
      optimizer: sgd({ lr: 0.1 }),
      epochs: 1,
      metrics: [accuracy()],
    })
    prepared = await prepare(of)
  })

  it.each([majority(), knn(), logisticRegression(), linearSvm(), ridge(), randomForest()])('$kind', async (model) => {
    const { test } = await baseline(of, model, { prepared })
    expect(Math.abs((test?.scores.accuracy ?? 0) - (golden[model.kind] ?? 0))).toBeLessThanOrEqual(0.01)
  })
})
