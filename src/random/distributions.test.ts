import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { bernoulli } from './bernoulli.ts'
import { key } from './key.ts'
import { normal } from './normal.ts'
import { permutation } from './permutation.ts'
import { uniform, uniformConversion } from './uniform.ts'

const N = 100_000

/** Largest distance of the empirical distribution function from `cdf`, times √n: above 1.95 once in a thousand draws. */
function kolmogorov(sample: Float32Array, cdf: (x: number) => number): number {
  const n = sample.length
  const distances = sample.toSorted().map((x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n))
  return Math.sqrt(n) * distances.reduce((a, b) => Math.max(a, b))
}

const mean = (x: Float32Array) => x.reduce((a, b) => a + b, 0) / x.length
const correlation = (x: Float32Array, lag: number) =>
  mean(x.subarray(lag).map((value, i) => value * (x[i] ?? 0))) / mean(x.map((value) => value ** 2))

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (series * Math.exp((-x * x) / 2)) / 2
  return x > 0 ? 1 - tail : tail
}

describe('uniform', () => {
  test.each([0, 1, 2, 3, 4])('is uniform with seed %i', (seed) => {
    const x = uniform(key(seed), N)
    expect(kolmogorov(x, (u) => u)).toBeLessThan(1.95)
    expect(Math.abs(mean(x) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / N))
    expect(
      Math.abs(
        correlation(
          x.map((u) => u - 0.5),
          1,
        ),
      ),
    ).toBeLessThan(4 / Math.sqrt(N))
  })

  test('the test of uniformity sees a deviation of 2 %', () => {
    expect(
      kolmogorov(
        uniform(key(0), N).map((u) => u ** 1.02),
        (u) => u,
      ),
    ).toBeGreaterThan(1.95)
  })

  const bound = fc.double({ min: -1e30, max: 1e30, noNaN: true })
  const relative = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
  const highAbove = (low: number, factor: number) => low + factor * Math.max(1e-3, Math.abs(low))

  test('stays in [low, high) for float32 bounds and for others', () => {
    fc.assert(
      fc.property(fc.nat(), bound, relative, (seed, low, factor) => {
        const high = highAbove(low, factor)
        for (const x of uniform(key(seed), 50, { low, high })) {
          expect(x).toBeGreaterThanOrEqual(low)
          expect(x).toBeLessThan(high)
        }
      }),
    )
  })

  test('is the same bits in long draws and in short ones, whatever the bounds', () => {
    const tiny = fc.integer({ min: -9, max: 9 }).map((n) => n * 2 ** -150)
    const bounds = fc.oneof(
      fc.tuple(bound, relative).map(([low, factor]) => ({ low, high: highAbove(low, factor) })),
      fc.tuple(tiny, tiny).map(([a, b]) => ({ low: Math.min(a, b) - 2 ** -149, high: Math.max(a, b) + 2 ** -149 })),
      fc.constant({ low: 3.4e38, high: 3.5e38 }),
      fc.constant({ low: -0, high: 1 }),
      fc.constant({ low: -1, high: -0 }),
    )
    fc.assert(
      fc.property(fc.nat(), bounds, (seed, options) => {
        const [short, long] = [uniform(key(seed), 511, options), uniform(key(seed), 600, options)]
        expect(new Uint32Array(long.buffer, 0, 511)).toEqual(new Uint32Array(short.buffer))
      }),
    )
  })

  test('never reaches high, where rounding to float32 would', () => {
    const x = uniform(key(0), 1000, { low: 1e8, high: 1e8 + 8 })
    expect(new Set(x)).toEqual(new Set([1e8]))
    const tiny = uniform(key(0), 1000, { low: -1e-45, high: 1e-45 })
    expect(Math.max(...tiny)).toBe(0)
  })

  test('reaches the largest number below high and no other: all words are tried that could lead beyond', () => {
    const { scalars, plain } = uniformConversion
    expect(scalars).toHaveLength(4)
    const words = Uint32Array.of(0, 255, 256, 2 ** 32 - 257, 2 ** 32 - 256, 2 ** 32 - 1)
    const out = new Float32Array(words.length)
    plain(words, out, 0, 2 ** -24, 0, 1 - 2 ** -24)
    expect([...out]).toEqual([0, 0, 2 ** -24, 1 - 2 ** -23, 1 - 2 ** -24, 1 - 2 ** -24])
  })

  test.each([
    { low: 1, high: 1 },
    { low: 2, high: 1 },
    { low: 0, high: Infinity },
    { low: Number.NaN, high: 1 },
    { low: 1e8 + 1, high: 1e8 + 2 },
  ])('refuses [$low, $high)', (bounds) => expect(() => uniform(key(0), 1, bounds)).toThrow(UsageError))
})

describe('normal', () => {
  test.each([0, 1, 2, 3, 4])('is normal with seed %i', (seed) => {
    const x = normal(key(seed), N)
    expect(kolmogorov(x, normalCdf)).toBeLessThan(1.95)
    expect(Math.abs(mean(x))).toBeLessThan(4 / Math.sqrt(N))
    expect(Math.abs(mean(x.map((value) => value ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / N))
    expect(Math.abs(mean(x.map((value) => value ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / N))
    expect(Math.abs(correlation(x, 1))).toBeLessThan(4 / Math.sqrt(N))
  })

  test('the test of normality sees a deviation of 2 %', () => {
    expect(kolmogorov(normal(key(0), N, { mean: 0.02 }), normalCdf)).toBeGreaterThan(1.95)
  })

  test('mean and std shift and scale', () => {
    const standard = normal(key(5), 9)
    for (const [i, x] of normal(key(5), 9, { mean: 3, std: 2 }).entries())
      expect(x).toBeCloseTo(3 + 2 * (standard[i] ?? 0), 5)
    expect(new Set(normal(key(5), 9, { mean: 3, std: 0 }))).toEqual(new Set([3]))
  })

  test('refuses a negative or unbounded spread', () => {
    expect(() => normal(key(0), 1, { std: -1 })).toThrow('std is -1')
    expect(() => normal(key(0), 1, { mean: Infinity })).toThrow(UsageError)
  })
})

describe('bernoulli', () => {
  test.each([0.001, 0.3, 0.5, 0.9])('has mean %d', (p) => {
    const ones = bernoulli(key(1), N, p).reduce((a, b) => a + b, 0)
    expect(Math.abs(ones / N - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / N))
  })

  test('is sure at 0 and 1', () => {
    expect(new Set(bernoulli(key(1), 999, 0))).toEqual(new Set([0]))
    expect(new Set(bernoulli(key(1), 999, 1))).toEqual(new Set([1]))
  })

  test.each([-0.1, 1.1, Number.NaN])('refuses %d', (p) => expect(() => bernoulli(key(0), 1, p)).toThrow(UsageError))
})

describe('permutation', () => {
  test('has every number once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(3000), (seed, n) => {
        expect([...permutation(key(seed), n).sort()]).toEqual(Array.from({ length: n }, (_, i) => i))
      }),
    )
  })

  test('every order of four is equally likely', () => {
    const counts = new Map<string, number>()
    const trials = 24_000
    for (let seed = 0; seed < trials; seed++) {
      const order = permutation(key(seed), 4).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const expected = trials / 24
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 23 degrees of freedom: 49.7 is passed once in a thousand.
    expect(chiSquare).toBeLessThan(49.7)
  })
})

test.each([
  ['uniform', (n: number) => uniform(key(8), n)],
  ['normal', (n: number) => normal(key(8), n)],
  ['bernoulli', (n: number) => bernoulli(key(8), n, 0.4)],
] as const)('%s: the first k of a longer draw are the shorter draw', (_, draw) => {
  for (const k of [0, 1, 2, 7, 100]) expect([...draw(101).subarray(0, k)]).toEqual([...draw(k)])
  expect(draw(7).buffer.byteLength).toBe(draw(7).byteLength)
})

test.each([-1, 1.5, Number.NaN])('refuses %d values', (n) => {
  expect(() => uniform(key(0), n)).toThrow(UsageError)
  expect(() => normal(key(0), n)).toThrow(UsageError)
  expect(() => bernoulli(key(0), n, 0.5)).toThrow(UsageError)
  expect(() => permutation(key(0), n)).toThrow(UsageError)
})

test('golden values: a change of these changes every run ever made', () => {
  expect([...uniform(key(42), 3)]).toMatchInlineSnapshot(`
    [
      0.8690483570098877,
      0.3102535009384155,
      0.15063238143920898,
    ]
  `)
  expect([...normal(key(42), 3)]).toMatchInlineSnapshot(`
    [
      -0.19582544267177582,
      0.492306113243103,
      1.943703293800354,
    ]
  `)
  expect([...bernoulli(key(42), 8, 0.5)]).toMatchInlineSnapshot(`
    [
      0,
      1,
      1,
      0,
      0,
      1,
      1,
      0,
    ]
  `)
  expect([...permutation(key(42), 8)]).toMatchInlineSnapshot(`
    [
      7,
      5,
      2,
      4,
      3,
      1,
      0,
      6,
    ]
  `)
})
