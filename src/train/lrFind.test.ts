import { describe, expect, it } from 'vitest'
import '../index.ts'
import { ema, sgd } from '../optim/index.ts'
import { key, normal } from '../random/index.ts'
import { classify } from '../testing/experiments.ts'
import { configHash, earlyStopping, findLearningRate, prepare } from './index.ts'
import { findingOf } from './lrFind.ts'

const STEPS = 150
const rateAt = (step: number) => 1e-6 * 1e7 ** (step / (STEPS - 1))

/** A loss that falls from 2.3 around a rate of 1e-3 and rises from 0.1 on, seen through the noise of batches. */
function noisy(seed: number, noise: number) {
  const chance = normal(key(seed), 2 * STEPS)
  const hardness = (i: number) => Math.exp(0.5 * (chance[i] ?? 0))
  const at = (lr: number) => 0.3 + 2 / (1 + (lr / 1e-3) ** 1.5) + 30 * lr ** 2
  return {
    losses: Array.from(
      { length: STEPS },
      (_, i) => at(rateAt(i)) * hardness(i) * Math.exp(noise * (chance[STEPS + i] ?? 0)),
    ),
    still: Array.from({ length: STEPS }, (_, i) => at(0) * hardness(i)),
  }
}

describe('the suggestion', () => {
  it.each([0, 0.02, 0.1])(
    'is where the loss falls fastest, with noise of %d between batches of other hardness',
    (noise) => {
      for (const seed of [0, 10, 20, 30, 40]) {
        const { suggestion, lowest, isClear } = findingOf([noisy(seed, noise), noisy(seed + 1, noise)], rateAt)
        expect(isClear).toBe(true)
        // log(0.3 + 2/(1 + u^1.5)) falls fastest, against log u, near u = 1.9.
        expect(suggestion).toBeGreaterThan(0.7e-3)
        expect(suggestion).toBeLessThan(5e-3)
        expect(lowest).toBeGreaterThan(suggestion)
        expect(lowest).toBeLessThan(0.2)
      }
    },
  )

  it('is said to mean nothing where the loss does not fall', () => {
    const flat = { losses: new Array(50).fill(1), still: new Array(50).fill(1) }
    expect(findingOf([flat], rateAt).isClear).toBe(false)
  })
})

describe('a range test', () => {
  const of = classify.with({
    ...{ optimizer: sgd({ lr: 0.1, momentum: 0.9 }), monitor: 'validation.accuracy', averaging: ema() },
    ...{ earlyStopping: earlyStopping(), asserts: { accuracy: { atLeast: 0.5 } } },
  })

  it('says nearly the same with other seeds, counts its steps, and leaves the experiment as it is', async () => {
    const prepared = await prepare(of)
    const hash = configHash(of, 0)
    const told: number[] = []
    const found = await Promise.all(
      [0, 100, 200].map((seed) =>
        findLearningRate(of, prepared, { seed, onStep: (done, total) => void (seed === 0 && told.push(done / total)) }),
      ),
    )
    const rates = found.map(({ suggestion }) => suggestion)
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(6)
    for (const { isClear, curve } of found) {
      expect(isClear).toBe(true)
      expect(curve[0]?.lr).toBeCloseTo(1e-6, 12)
      expect(curve.length).toBeGreaterThan(50)
    }
    expect(told.toSorted((a, b) => a - b)).toEqual(told)
    expect(configHash(of, 0)).toBe(hash)
    expect(prepared.validation.indices.length).toBeGreaterThan(0)
  })

  it.each([
    [{ from: 1, to: 0.1 }, /from is 1 and to is 0\.1/],
    [{ steps: 3 }, /steps is 3/],
  ])('refuses %j', async (options, message) => {
    await expect(findLearningRate(of, await prepare(of), options)).rejects.toThrow(message)
  })
})
