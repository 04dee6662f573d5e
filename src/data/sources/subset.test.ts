import { expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { clouds, sine } from '../../testing/made.ts'
import { arrays, inMemory, subset, validateDataset } from '../index.ts'

const source = () => clouds({ samples: 300, classes: 3, test: 90 })

it('draws samples with their labels, in their order, and the same ones again', async () => {
  const [{ train: all, test: wholeTest }, { train, test }, again, other] = await Promise.all([
    source().load(),
    subset(source(), { train: 50 }).load(),
    subset(source(), { train: 50, test: 10 }).load(),
    subset(source(), { train: 50, seed: 1 }).load(),
  ])
  const rows = (dataset: typeof all) => {
    const { inputs, targets } = inMemory(dataset)
    const labels = targets.task === 'classification' ? targets.labels : []
    return Array.from(labels, (label, i) => `${inputs.data[2 * i]} ${inputs.data[2 * i + 1]} ${label}`)
  }
  const places = rows(train).map((row) => rows(all).indexOf(row))
  expect(train.length).toBe(50)
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((one, next) => one - next))
  expect(Math.max(...places)).toBeGreaterThan(250)
  expect(test.fingerprint).toBe(wholeTest.fingerprint)
  expect(again.test.length).toBe(10)
  expect(again.train.fingerprint).toBe(train.fingerprint)
  expect(other.train.fingerprint).not.toBe(train.fingerprint)
  validateDataset(train)
})

it('takes numbers to predict and columns along', async () => {
  const numbers = Float32Array.from({ length: 20 }, (_, i) => i)
  const { train } = await subset(
    arrays({
      name: 'line',
      inputs: { data: numbers, shape: [1] },
      targets: { task: 'regression', values: numbers.map((x) => 2 * x), shape: [1] },
      columns: { place: numbers },
    }),
    { train: 7 },
  ).load()
  const { inputs, targets, columns } = inMemory(train)
  const x = Array.from(inputs.data)
  expect(x).toHaveLength(7)
  expect(targets.task === 'regression' && Array.from(targets.values)).toEqual(x.map((value) => 2 * value))
  expect(columns?.[0]).toMatchObject({ name: 'place', values: Float64Array.from(x) })
})

it('says in its description what it is of', () => {
  expect(subset(source(), { train: 5, seed: 2 })).toMatchObject({
    kind: 'subset',
    config: { source: { kind: 'arrays' }, train: 5, seed: 2 },
  })
})

it('refuses more samples than there are, and options out of range', async () => {
  await expect(subset(sine(75), { train: 76 }).load()).rejects.toThrow('train is 76, and sine has 75 such samples')
  expect(() => subset(source(), { train: 0 })).toThrow(UsageError)
  expect(() => subset(source(), { train: 0 })).toThrow('train')
})
