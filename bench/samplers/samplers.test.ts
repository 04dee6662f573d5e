import { expect, it } from 'vitest'
import { key } from '../../src/random/index.ts'
import { neverPrune, random, successiveHalving } from '../../src/search/index.ts'
import { repeat } from './measure.ts'
import { replay } from './replay.ts'
import type { Training } from './trainings.ts'
import { type Configuration, configurations, EPOCHS, optimizerOf } from './tuning.ts'

/** Learns towards an accuracy that the learning rate decides on, and on it alone. */
const skill = ({ rate }: Configuration): number => 0.8 - 0.05 * Math.abs(rate - 9)
const learning = (configuration: Configuration): Training => ({
  curve: Array.from({ length: EPOCHS }, (_, epoch) => skill(configuration) * (1 - 0.5 ** (epoch + 1))),
  test: skill(configuration) - 0.1,
})

it('has each configuration once, those of a part beside each other in one program', () => {
  const parts = configurations()
  expect(parts).toHaveLength(18)
  expect(new Set(parts.flat().map((one) => JSON.stringify(one))).size).toBe(18 * 48)
  for (const part of parts)
    expect(new Set(part.map(({ optimizer, hidden, dropout }) => `${optimizer} ${hidden} ${dropout}`)).size).toBe(1)
  const rates = parts.flat().map((one) => optimizerOf(one).lr)
  expect([Math.min(...rates), Math.max(...rates)]).toEqual([expect.closeTo(1e-5, 12), expect.closeTo(1, 12)])
})

it('counts epochs, and takes the best value of a trial that came to its end', async () => {
  const how = { sampler: random(), pruner: neverPrune(), key: key(0) }
  const moments = await replay({ of: learning }, how, ({ trials }) => trials >= 5)
  expect(moments.map(({ trials, epochs }) => [trials, epochs])).toEqual([1, 2, 3, 4, 5].map((n) => [n, n * EPOCHS]))
  const last = moments.at(-1)
  expect(last?.best).toBeGreaterThan(0.3)
  expect(last?.test).toBeCloseTo((last?.best ?? 0) - 0.1, 6)
  // Diverges in its fourth epoch: it had been good, and counts for nothing but its epochs.
  const diverging = () => ({ curve: [0.9, 0.9, 0.9] })
  expect((await replay({ of: diverging }, how, ({ trials }) => trials >= 2)).at(-1)).toEqual({
    ...{ trials: 2, epochs: 8, best: 0, test: 0 },
  })
})

it('stops trials at rungs by the pruner, which then have no value', async () => {
  const how = { sampler: random(), pruner: successiveHalving({ reductionFactor: 3 }), key: key(1) }
  const moments = await replay({ of: learning }, how, ({ trials }) => trials >= 60)
  const each = moments.map(({ epochs }, i) => epochs - (moments[i - 1]?.epochs ?? 0))
  expect(new Set(each)).toEqual(new Set([1, 3, 9, 27]))
  for (const [i, moment] of moments.entries())
    if (each[i] !== EPOCHS) expect(moment.best).toBe(moments[i - 1]?.best ?? 0)
})

it('finds ASHA far ahead where the first epoch tells all, and not where the first rungs mislead', async () => {
  const telling = await repeat({ of: learning }, key(2))
  expect(telling.same.reached).toBeLessThan(1 / 3)
  expect(telling.same.nearlyReached).toBeLessThanOrEqual(telling.same.reached)
  expect(telling.same.trials).toBeGreaterThan(50)
  expect(telling.tpe.at(-1)?.best).toBeGreaterThanOrEqual(telling.random.at(0)?.best ?? 1)
  const misleading = (one: Configuration): Training => {
    const { curve, ...rest } = learning(one)
    return { ...rest, curve: curve.map((value, epoch) => (epoch < EPOCHS - 1 ? 1 - value : value)) }
  }
  const misled = await repeat({ of: misleading }, key(2))
  expect(misled.others.reached).toBeGreaterThan(1 / 3)
})
