import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { inMemory } from '../dataset.ts'
import { validateDataset } from '../validate.ts'
import { type RegressionFunctionOptions, regressionFunction } from './regressionFunction.ts'

const square = (x: number): number => x * x

async function loaded(...given: Parameters<typeof regressionFunction>) {
  const { train, test: tested } = await regressionFunction(...given).load()
  return [train, tested].map((dataset) => {
    const { inputs, targets } = inMemory(dataset)
    if (targets.task !== 'regression') throw new Error('not numbers')
    return { x: [...inputs.data], y: [...targets.values], dataset }
  }) as [Split, Split]
}
type Split = { x: number[]; y: number[]; dataset: Parameters<typeof validateDataset>[0] }

test.each([
  ['sin(x)', -Math.PI, Math.PI / 2, 1],
  ['sinc(5x)', -1, 0, 1],
  ['sinc(5x)', -1, 0.3, Math.sin(1.5 * Math.PI) / (1.5 * Math.PI)],
  ['sign(sin(5πx))', -1, 0.1, 1],
  ['sign(sin(5πx))', -1, 0.3, -1],
] as const)('%s begins at %d and is at %d what it should be', async (name, begin, at, value) => {
  const [{ x, y }] = await loaded(name, { train: 2001 })
  expect(x[0]).toBeCloseTo(begin, 6)
  expect(x.at(-1)).toBeCloseTo(-begin, 6)
  const nearest = x.reduce((best, each, i) => (Math.abs(each - at) < Math.abs((x[best] ?? 0) - at) ? i : best), 0)
  expect(y[nearest]).toBeCloseTo(value, 2)
})

test('a grid has both ends and equal steps; test samples are a grid without noise', async () => {
  const [train, tested] = await loaded(square, { range: [0, 3], train: 4, test: 7, noise: 0.5 })
  expect(train.x).toEqual([0, 1, 2, 3])
  expect(tested.x).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3])
  expect(tested.y).toEqual(tested.x.map(square))
  expect(train.y).not.toEqual(train.x.map(square))
  for (const { dataset } of [train, tested]) validateDataset(dataset)
  expect((await loaded(square, { range: [2, 4], train: 1 }))[0].x).toEqual([3])
  expect((await loaded(square, { test: 0 }))[1].x).toEqual([])
})

test('drawn samples are uniform over the range', async () => {
  const [{ x }] = await loaded(square, { range: [2, 6], train: 4000, sampling: 'uniform' })
  expect(Math.min(...x)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...x)).toBeLessThan(6)
  for (const quarter of [2, 3, 4, 5]) {
    const share = x.filter((each) => each >= quarter && each < quarter + 1).length / 4000
    // Five standard deviations of a share of 4,000.
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 4000))
  }
})

test('noise is normal with its standard deviation, and its own in training and test', async () => {
  const [train, tested] = await loaded(square, { train: 5000, test: 5000, noise: 0.3, testNoise: 0.1 })
  for (const [{ x, y }, std] of [
    [train, 0.3],
    [tested, 0.1],
  ] as const) {
    const noise = y.map((value, i) => value - square(x[i] ?? 0))
    const mean = noise.reduce((a, b) => a + b) / 5000
    expect(Math.abs(mean)).toBeLessThan((5 * std) / Math.sqrt(5000))
    expect(Math.sqrt(noise.reduce((sum, one) => sum + one * one, 0) / 5000) / std).toBeCloseTo(1, 1)
  }
  expect((train.y[1] ?? 0) - (train.x[1] ?? 0) ** 2).not.toBeCloseTo(
    3 * ((tested.y[1] ?? 0) - (tested.x[1] ?? 0) ** 2),
    3,
  )
})

test('no training sample lies in a gap, however gaps lie; test samples do', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 6 })), { maxLength: 4 }),
      fc.constantFrom('grid', 'uniform'),
      fc.integer({ min: 1, max: 60 }),
      async (places, sampling, train) => {
        const gaps = places.map(([from, width]) => [from / 10, (from + width) / 10] as const)
        const [{ x }, tested] = await loaded(square, { range: [-2, 2], gaps, sampling, train })
        expect(x).toHaveLength(train)
        for (const at of x) {
          expect(Math.abs(at)).toBeLessThanOrEqual(2)
          for (const [from, to] of gaps) expect(at > from + 1e-6 && at < to - 1e-6).toBe(false)
        }
        expect(tested.x).toEqual((await loaded(square, { range: [-2, 2] }))[1].x)
      },
    ),
  ))

test('a seed gives the same data always, and another seed others', async () => {
  const options: RegressionFunctionOptions = { sampling: 'uniform', noise: 0.1 }
  const of = async (seed: number) => (await regressionFunction('sin(x)', { ...options, seed }).load()).train.fingerprint
  expect(await of(1)).toBe(await of(1))
  expect(await of(1)).not.toBe(await of(2))
})

test('the source is a value that names its function, one’s own by its text', () => {
  const of = (...given: Parameters<typeof regressionFunction>) =>
    JSON.parse(JSON.stringify(regressionFunction(...given)))
  expect(of('sinc(5x)', { noise: 0.1 })).toEqual({
    kind: 'regressionFunction',
    config: {
      function: 'sinc(5x)',
      range: [-1, 1],
      train: 200,
      test: 500,
      sampling: 'grid',
      noise: 0.1,
      testNoise: 0,
      gaps: [],
      seed: 0,
    },
  })
  expect(of((x) => x + 1).config.function).toMatch(/^\(?x\)? => x \+ 1$/)
})

describe('refuses', () => {
  const of = (options: object) => () => regressionFunction(square, options)
  test.each([
    ['a range upside down', of({ range: [1, -1] }), 'range is [1,-1]: give the smaller number first'],
    ['no samples', of({ train: 0 }), 'train is 0'],
    ['noise below 0', of({ noise: -1 }), 'noise is -1'],
    ['an unknown option', of({ samples: 3 }), 'no option "samples"; the options are range, train'],
    [
      'gaps over everything',
      of({
        gaps: [
          [-2, 0],
          [-0.5, 3],
        ],
      }),
      'the gaps leave nothing of the range -1 to 1',
    ],
    ['an unknown name', () => regressionFunction(JSON.parse('"cos"')), 'there is no "cos"; there are sin(x), sinc(5x)'],
  ])('%s', (_, use, message) => {
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })
  test('a value that is not finite, where it is', async () => {
    const load = regressionFunction((x) => 1 / x, { train: 3 }).load()
    await expect(load).rejects.toThrow('the function gives Infinity at 0; leave that out with a gap')
    await regressionFunction((x) => 1 / x, { train: 4, test: 0, gaps: [[-0.1, 0.1]] }).load()
  })
})
