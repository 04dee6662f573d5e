import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { foldIn, key, normal, uniform } from '../../random/index.ts'
import { float, space } from '../space/index.ts'
import type { TrialRecord } from '../trial.ts'
import { luck, luckText } from './luck.ts'
import { noiseOfNeighbours, noiseOfParts } from './noise.ts'
import { normalMaximum } from './normalMaximum.ts'
import { posteriorOfBest } from './posterior.ts'

describe('normalMaximum', () => {
  const golden = z
    .array(z.object({ n: z.number(), mean: z.number(), sd: z.number() }))
    .parse(JSON.parse(readFileSync(new URL('./fixtures/maxima.json', import.meta.url), 'utf8')))

  it.each(golden)('is what SciPy integrates for n = $n', ({ n, mean, sd }) => {
    expect(normalMaximum(n).mean).toBeCloseTo(mean, 10)
    expect(normalMaximum(n).sd).toBeCloseTo(sd, 9)
  })

  it('is exact for two and three', () => {
    expect(normalMaximum(2).mean).toBeCloseTo(1 / Math.sqrt(Math.PI), 12)
    expect(normalMaximum(3).mean).toBeCloseTo(1.5 / Math.sqrt(Math.PI), 12)
  })

  it('refuses what is no count', () => {
    expect(() => normalMaximum(0)).toThrow('n is 0')
  })
})

describe('posteriorOfBest', () => {
  /** What winners lose in truth, and what is foretold, on average over simulated searches. */
  function simulated(skill: number, trials: number, repeats: number) {
    let [lost, foretold] = [0, 0]
    for (let repeat = 0; repeat < repeats; repeat++) {
      const draws = normal(foldIn(key(4), repeat), 2 * trials)
      const truths = Array.from({ length: trials }, (_, i) => skill * (draws[i] ?? 0))
      const values = truths.map((truth, i) => truth + (draws[trials + i] ?? 0))
      const best = Math.max(...values)
      lost += (best - (truths[values.indexOf(best)] ?? 0)) / repeats
      foretold += (best - posteriorOfBest(values, 1)) / repeats
    }
    return { lost, foretold }
  }

  it('foretells what winners lose, however differently skilled the trials are', () => {
    for (const skill of [0, 1, 4]) {
      const { lost, foretold } = simulated(skill, 50, 60)
      expect(Math.abs(foretold - lost), `skill ${skill}: ${foretold} for ${lost}`).toBeLessThan(0.4)
    }
    const equal = simulated(0, 50, 60)
    expect(Math.abs(equal.lost - normalMaximum(50).mean)).toBeLessThan(0.2)
  })

  it('leaves a winner far ahead where it is', () => {
    expect(posteriorOfBest([0, 1, 2, 50], 1)).toBeCloseTo(50, 6)
    expect(posteriorOfBest([0, 1, 2], 0)).toBe(2)
    expect(posteriorOfBest([7, 7, 7, 7], 1)).toBeCloseTo(7, 6)
  })
})

describe('noise', () => {
  it('of parts is what is left without trials and folds', () => {
    // Trials 0…5, whose second part is higher by 1, 2, …, 6: in the median by 3.5. Half of what is left is ± 1.25, 0.75, 0.25, 0.25, 0.75, 1.25.
    const trials = [0, 1, 2, 3, 4, 5].map((number) => ({
      number,
      parts: [
        { seed: 0, value: 10 * number },
        { seed: 1, value: 10 * number + number + 1 },
      ],
    }))
    const variance = (2 * 0.75 ** 2) / (7 / 9) ** 3
    const found = noiseOfParts(trials)
    expect(found).toMatchObject({ from: 'seeds', trials: 6 })
    expect(found?.standardError).toBeCloseTo(Math.sqrt(variance / 2), 12)
    const folds = trials.map(({ number, parts }) => ({
      number,
      parts: parts.map(({ value }, fold) => ({ seed: 0, fold, value })),
    }))
    expect(noiseOfParts(folds)?.standardError).toBeCloseTo(Math.sqrt(variance * (1 / 2 + 1)), 12)
    expect(noiseOfParts(folds, 1 / 4)?.standardError).toBeCloseTo(Math.sqrt(variance * (1 / 2 + 1 / 4)), 12)
    expect(noiseOfParts(trials.slice(0, 4))).toBeUndefined()
  })

  it('of parts is that of the values, in a simulation', () => {
    const draws = normal(key(2), 4 * 200)
    const trials = Array.from({ length: 200 }, (_, number) => ({
      number,
      parts: [0, 1, 2, 3].map((seed) => ({ seed, value: number + 10 * seed + 2 * (draws[4 * number + seed] ?? 0) })),
    }))
    expect(noiseOfParts(trials)?.standardError).toBeCloseTo(1, 1)
  })

  it('of neighbours is a bound that is close where trials are', () => {
    const of = space({ x: float(0, 1) })
    const [places, draws] = [uniform(key(1), 400), normal(key(2), 400)]
    const trials = Array.from(places, (x, i) => ({ point: [x], value: Math.sin(6 * x) + 0.1 * (draws[i] ?? 0) }))
    const found = noiseOfNeighbours(of.axes, trials)?.standardError ?? 0
    expect(Math.abs(found - 0.1)).toBeLessThan(0.02)
    expect(noiseOfNeighbours(of.axes, trials.slice(0, 9))).toBeUndefined()
  })
})

describe('luck', () => {
  const of = space({ x: float(0, 1) })
  const study = (values: readonly number[], direction: 'minimize' | 'maximize' = 'maximize') => ({
    space: of,
    direction,
    trials: values.map(
      (value, number): TrialRecord => ({
        ...{ number, attempt: 0, config: {}, point: [number / values.length], reports: [] },
        outcome: { state: 'complete', value },
      }),
    ),
  })
  const draws = Array.from(normal(key(6), 60))
  const partsOf = (values: readonly number[]) =>
    values.map((value, number) => ({
      number,
      parts: [-1, 1].map((side, seed) => ({ seed, value: value + (number % 2 === 0 ? side : -side) * 0.1 })),
    }))

  it('is the same whichever way is better', () => {
    const up = luck(study(draws), { parts: partsOf(draws) })
    const down = luck(
      study(
        draws.map((value) => -value),
        'minimize',
      ),
      { parts: partsOf(draws.map((value) => -value)) },
    )
    if (up.kind !== 'known' || down.kind !== 'known') throw new Error('known')
    expect(up.best.value).toBe(Math.max(...draws))
    expect(up.noise.from).toBe('seeds')
    expect(down.drop).toBeCloseTo(up.drop, 9)
    expect(down.expected).toBeCloseTo(-up.expected, 9)
    expect(down.rivals).toBe(up.rivals)
    expect(up.ofEqualSkill).toBeCloseTo(up.noise.standardError * normalMaximum(60).mean, 12)
  })

  it('is nearly all of the lead where trials are equal, and none where one is far ahead', () => {
    const equal = luck(study(draws.map((value) => 0.9 + 0.01 * value)), {
      parts: draws.map((_, number) => ({
        number,
        parts: [-1, 1].map((side, seed) => ({ seed, value: 0.01 * side * (number % 2 === 0 ? 1 : -1) })),
      })),
    })
    if (equal.kind !== 'known') throw new Error('known')
    expect(equal.noise.standardError).toBeCloseTo(0.01, 2)
    expect(equal.drop).toBeGreaterThan(0.012)
    expect(equal.rivals).toBeGreaterThan(20)
    const ahead = luck(study([...draws, 40]), { parts: partsOf([...draws, 40]), test: 39.5 })
    expect(ahead).toMatchObject({ kind: 'known', rivals: 0, test: { value: 39.5, drop: 0.5 } })
    expect(luckText(ahead)).toMatch(
      /^The best of 61 trials has 40, with a standard error of 0\.\d+ \(measured by how its seeds differ.*luck has no visible part in it\. No other trial comes within two standard errors of it\. On the test split it has 39\.5, worse by 0\.5\.$/,
    )
  })

  it('has only a bound without parts, and says so', () => {
    const text = luckText(luck(study(draws)))
    expect(text).toContain('at most: so much do trials with near-equal configurations differ')
    expect(text).toContain('of its value may be luck')
  })

  it('is unknown of few trials', () => {
    expect(luckText(luck(study([1, 2])))).toBe(
      'How much of the best value is luck cannot be told: there are 2 complete trials, and it takes 5.',
    )
    expect(luck(study([1, 2, 3, 4, 5, 6]))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('neighbours'),
    })
  })
})
