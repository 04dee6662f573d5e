import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { beta } from './beta.ts'
import { gamma } from './gamma.ts'
import { foldIn, key } from './key.ts'

const numbers = z.array(z.number())
const { shares, cases } = z
  .strictObject({
    shares: numbers,
    cases: z.array(
      z.strictObject({
        kind: z.enum(['beta', 'gamma']),
        parameters: numbers,
        mean: z.number(),
        variance: z.number(),
        spread: z.number(),
        quantiles: numbers,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../testing/golden/distributions.json', import.meta.url), 'utf8')))

const N = 20_000

function draw(kind: 'beta' | 'gamma', seed: number, n: number, [a = Number.NaN, b = Number.NaN]: readonly number[]) {
  return kind === 'beta' ? beta(key(seed), n, a, b) : gamma(key(seed), n, a)
}

/** Largest distance of the empirical distribution function from the true one, times √n: above 1.95 once in a thousand draws. */
function kolmogorov(sample: Float32Array, quantiles: readonly number[]): number {
  const distances = quantiles.map((quantile, i) => {
    const below = sample.reduce((count, x) => count + Number(x <= quantile), 0)
    return Math.abs(below / sample.length - (shares[i] ?? Number.NaN))
  })
  return Math.sqrt(sample.length) * Math.max(...distances)
}

describe('20,000 numbers are distributed as in scipy', () => {
  const named = cases.map((one) => [`${one.kind}(${one.parameters.join(', ')})`, one] as const)
  it.each(named)('%s', (_, { kind, parameters, mean, variance, spread, quantiles }) => {
    for (const seed of [0, 1, 2]) {
      const sample = draw(kind, seed, N, parameters)
      const found = sample.reduce((sum, x) => sum + x, 0) / N
      const squares = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / N
      expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / N))
      expect(Math.abs(squares - variance)).toBeLessThan((4 * spread) / Math.sqrt(N))
      expect(kolmogorov(sample, quantiles)).toBeLessThan(1.95)
    }
  })

  it('which the test would see if they were not', () => {
    const quantiles = (of: string) => cases.find(({ parameters }) => parameters.join() === of)?.quantiles ?? []
    expect(kolmogorov(beta(key(0), N, 2, 5.2), quantiles('2,5'))).toBeGreaterThan(1.95)
    expect(kolmogorov(gamma(key(0), N, 3.8), quantiles('3.7'))).toBeGreaterThan(1.95)
  })
})

describe('beta and gamma', () => {
  it('begin a longer draw with a shorter one, and draw others with another key', () => {
    for (const { kind, parameters } of cases) {
      const long = draw(kind, 5, 301, parameters)
      for (const n of [0, 1, 2, 150]) expect(draw(kind, 5, n, parameters)).toEqual(long.subarray(0, n))
      expect(draw(kind, 6, 301, parameters)).not.toEqual(long)
    }
  })

  it('have numbers that do not depend on one another', () => {
    const one = beta(key(1), N, 0.4, 0.4).map((x) => x - 0.5)
    const other = beta(foldIn(key(1), 1), N, 0.4, 0.4).map((x) => x - 0.5)
    const variance = 1 / (4 * 1.8)
    const correlation = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / N / variance
    expect(Math.abs(correlation(one.subarray(1), one))).toBeLessThan(4 / Math.sqrt(N))
    expect(Math.abs(correlation(one, other))).toBeLessThan(4 / Math.sqrt(N))
  })

  it('are shares even where gamma numbers are too small for any float', () => {
    const x = beta(key(0), 2000, 1e-4, 1e-4)
    expect(x.every((share) => share >= 0 && share <= 1)).toBe(true)
    const ones = x.reduce((sum, share) => sum + share, 0)
    expect(Math.abs(ones - 1000)).toBeLessThan(4 * Math.sqrt(500))
  })

  it.each([
    [() => beta(key(0), 1, 0, 1), 'beta: a shape is 0; give a finite number above 0'],
    [() => beta(key(0), 1, 1, Number.NaN), 'beta: a shape is NaN'],
    [() => gamma(key(0), 1, Number.POSITIVE_INFINITY), 'gamma: a shape is Infinity'],
    [() => gamma(key(0), 1.5, 1), 'gamma: n is 1.5'],
    [() => beta(key(0), -1, 1, 1), 'beta: n is -1'],
  ])('refuse what is impossible: %s', (make, message) => {
    expect(make).toThrow(message)
  })
})
