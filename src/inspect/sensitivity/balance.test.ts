import { expect, it } from 'vitest'
import { balance } from './balance.ts'

const run = (choice: number, seed: number, loss: number, jacobian: number) => ({
  choice,
  seed,
  values: { loss, jacobian },
})

it('takes the choice with the lowest mean rank, and is sure of it where all seeds agree', () => {
  const runs = [16, 64, 256].flatMap((choice, c) =>
    [0, 1, 2].map((seed) => run(choice, seed, [3, 1, 2][c] ?? 0, [2 + seed / 10, 1, 3][c] ?? 0)),
  )
  const { choice, ranks, confidence, resamples } = balance(runs)
  expect(choice).toBe(64)
  expect(ranks).toEqual([
    { choice: 16, byCriterion: { loss: 3, jacobian: 2 }, mean: 2.5 },
    { choice: 64, byCriterion: { loss: 1, jacobian: 1 }, mean: 1 },
    { choice: 256, byCriterion: { loss: 2, jacobian: 3 }, mean: 2.5 },
  ])
  expect(confidence).toEqual([
    { choice: 16, share: 0 },
    { choice: 64, share: 1 },
    { choice: 256, share: 0 },
  ])
  expect(resamples).toBe(2000)
})

it('is less sure where seeds differ more than choices do, and shares what is equal', () => {
  const runs = [8, 32].flatMap((choice) => [0, 1].map((seed) => run(choice, seed, seed, seed)))
  const { confidence = [], ranks } = balance(runs)
  expect(ranks.map(({ mean }) => mean)).toEqual([1.5, 1.5])
  for (const { share } of confidence) expect(Math.abs(share - 0.5)).toBeLessThan(0.05)
})

it('says nothing of confidence with one seed', () => {
  expect(balance([run(8, 0, 1, 1), run(32, 0, 2, 2), run(32, 1, 2, 2)])).toMatchObject({ choice: 8, resamples: 0 })
  expect(balance([run(8, 0, 1, 1), run(32, 0, 2, 2)]).confidence).toBeUndefined()
})

it('ranks what is no finite number last', () => {
  const runs = [8, 32].flatMap((choice) => [0, 1].map((seed) => run(choice, seed, choice === 8 ? Number.NaN : 1, 1)))
  const { choice, ranks, confidence } = balance(runs)
  expect(choice).toBe(32)
  expect(ranks.map(({ byCriterion }) => byCriterion.loss)).toEqual([2, 1])
  expect(confidence).toEqual([
    { choice: 8, share: 0 },
    { choice: 32, share: 1 },
  ])
})
