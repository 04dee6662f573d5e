import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../../index.ts'
import { key } from '../../random/index.ts'
import type { Answers, Baseline } from '../baseline.ts'
import { lbfgs } from './lbfgs.ts'
import { linearSvm } from './linearSvm.ts'
import { logisticRegression } from './logisticRegression.ts'
import { ridge } from './ridge.ts'

const rows = z.array(z.array(z.number()))
const model = z.strictObject({ coef: rows, intercept: z.array(z.number()) })
const golden = z
  .object({
    features: rows,
    wide: rows,
    values: rows,
    labels: z.array(z.int()),
    ridge: model,
    ridgeWide: model,
    ridgeClassifier: model,
    logistic: model,
    logisticBinary: model,
    svm: model,
  })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/golden.json', import.meta.url), 'utf8')))

const table = (x: readonly (readonly number[])[]) => ({
  data: Float32Array.from(x.flat()),
  rows: x.length,
  width: x[0]?.length ?? 0,
})
const classes = (labels: readonly number[], count: number): Answers => ({
  task: 'classification',
  labels: Int32Array.from(labels),
  classes: count,
})
const numbers = (values: readonly (readonly number[])[]): Answers => ({
  task: 'regression',
  values: Float32Array.from(values.flat()),
  width: values[0]?.length ?? 0,
})

/** What a linear model makes of samples by these weights. */
const made = (x: readonly (readonly number[])[], { coef, intercept }: z.infer<typeof model>) =>
  x.flatMap((row) =>
    coef.map((weights, k) => weights.reduce((sum, weight, i) => sum + weight * (row[i] ?? 0), intercept[k] ?? 0)),
  )

async function predicted(of: Baseline, x: readonly (readonly number[])[], answers: Answers): Promise<number[]> {
  const fitted = await of.fit(table(x), answers, key(0))
  return [...(await fitted.predict(table(x)))]
}
const near = (values: readonly number[], digits: number) => values.map((value) => expect.closeTo(value, digits))

describe('linear models have scikit-learn’s weights', () => {
  const { features, wide, values, labels } = golden
  const three = classes(labels, 3)

  it('ridge of several numbers', async () => {
    expect(await predicted(ridge({ alpha: 2 }), features, numbers(values))).toEqual(
      near(made(features, golden.ridge), 4),
    )
  })

  it('ridge of more features than samples', async () => {
    const one = numbers(values.slice(0, 6).map((row) => row.slice(0, 1)))
    expect(await predicted(ridge({ alpha: 0.5 }), wide, one)).toEqual(near(made(wide, golden.ridgeWide), 4))
  })

  it('ridge of classes', async () => {
    expect(await predicted(ridge(), features, three)).toEqual(near(made(features, golden.ridgeClassifier), 4))
  })

  it('logistic regression of three classes, whose scores are logits', async () => {
    const found = await predicted(logisticRegression({ c: 0.7 }), features, three)
    expect(found).toEqual(near(made(features, golden.logistic), 2))
  })

  it('logistic regression of two classes', async () => {
    const two = classes(
      labels.map((label) => Number(label === 2)),
      2,
    )
    const found = await predicted(logisticRegression({ c: 2 }), features, two)
    expect(found.filter((_, i) => i % 2 === 0)).toEqual(features.map(() => 0))
    expect(found.filter((_, i) => i % 2 === 1)).toEqual(near(made(features, golden.logisticBinary), 2))
  })

  it('linear support vector machine', async () => {
    expect(await predicted(linearSvm({ c: 0.3 }), features, three)).toEqual(near(made(features, golden.svm), 2))
  })
})

describe('linear models', () => {
  it('refuse options that are none, and numbers where classes are told apart', async () => {
    expect(() => ridge({ alpha: 0 })).toThrow('ridge: alpha is 0: give a number above 0')
    expect(() => linearSvm({ c: -1 })).toThrow('linearSvm: c is -1: give a number above 0')
    await expect(predicted(linearSvm(), golden.features, numbers(golden.values))).rejects.toThrow(
      'linearSvm tells classes apart, and the data have numbers to predict',
    )
  })
})

describe('lbfgs', () => {
  it('finds the bottom of Rosenbrock’s valley', async () => {
    let calls = 0
    const found = await lbfgs(
      async ([x = 0, y = 0]) => {
        calls += 1
        const across = y - x * x
        return { value: (1 - x) ** 2 + 100 * across ** 2, gradient: [-2 * (1 - x) - 400 * x * across, 200 * across] }
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 1e-8 },
    )
    expect([...found]).toEqual(near([1, 1], 6))
    expect(calls).toBeLessThan(100)
  })

  it('stops where it is told to, and where it stands at the bottom', async () => {
    let calls = 0
    const bowl = async ([x = 0]: Float64Array) => {
      calls += 1
      return { value: x ** 4, gradient: [4 * x ** 3] }
    }
    expect([...(await lbfgs(bowl, Float64Array.of(0)))]).toEqual([0])
    expect(calls).toBe(1)
    const [once = 0] = await lbfgs(bowl, Float64Array.of(0.9), { iterations: 1 })
    expect(Math.abs(once)).toBeLessThan(0.9)
    expect(once).not.toBe(0)
  })
})
