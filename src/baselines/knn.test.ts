import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../index.ts'
import { key } from '../random/index.ts'
import type { Answers } from './baseline.ts'
import { knn } from './knn.ts'

const rows = z.array(z.array(z.number()))
const golden = z
  .object({ features: rows, values: rows, labels: z.array(z.int()), knnRegression: rows, knnDistance: rows })
  .parse(JSON.parse(readFileSync(new URL('fixtures/golden.json', import.meta.url), 'utf8')))
const table = (x: readonly (readonly number[])[]) => ({
  data: Float32Array.from(x.flat()),
  rows: x.length,
  width: x[0]?.length ?? 0,
})
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4))
/** The first 20 samples are learnt from. */
const [known, asked] = [table(golden.features.slice(0, 20)), table(golden.features.slice(20))]

describe('knn predicts what scikit-learn does', () => {
  it('the mean of the neighbours’ values', async () => {
    const answers: Answers = {
      task: 'regression',
      values: Float32Array.from(golden.values.slice(0, 20).flat()),
      width: 2,
    }
    const fitted = await knn({ k: 3 }).fit(known, answers, key(0))
    expect([...(await fitted.predict(asked))]).toEqual(near(golden.knnRegression.flat()))
  })

  it('shares of the classes, the near ones counting for more', async () => {
    const answers: Answers = { task: 'classification', labels: Int32Array.from(golden.labels.slice(0, 20)), classes: 3 }
    const fitted = await knn({ k: 4, weights: 'distance' }).fit(known, answers, key(0))
    expect(Array.from(await fitted.predict(asked), Math.exp)).toEqual(near(golden.knnDistance.flat()))
    // A sample that it knows is at no distance from itself.
    const itself = Array.from(await fitted.predict(known), Math.exp)
    expect(itself).toEqual(
      near(golden.labels.slice(0, 20).flatMap((label) => [0, 1, 2].map((c) => Number(c === label)))),
    )
  })
})

it('knn refuses more neighbours than there are samples', () => {
  const answers: Answers = { task: 'classification', labels: new Int32Array(20), classes: 1 }
  expect(() => knn({ k: 21 }).fit(known, answers, key(0))).toThrow('knn: k is 21 and there are 20 training samples')
  expect(() => knn({ k: 0 })).toThrow('knn: k is 0: give a whole number of at least 1')
})
