import { expect, it } from 'vitest'
import '../index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { checkAsserts, configHash, prepare } from './index.ts'

it('compares the mean over the seeds with its bounds, and NaN with nothing', () => {
  const asserts = { accuracy: { atLeast: 0.9 }, loss: { atLeast: 0.1, atMost: 0.3 }, f1Macro: { atMost: 1 } }
  const tests = [
    { accuracy: 0.88, loss: 0.2, f1Macro: Number.NaN },
    { accuracy: 0.94, loss: 0.5, f1Macro: 0.5 },
  ]
  expect(checkAsserts(asserts, tests)).toMatchObject([
    { name: 'accuracy', seeds: 2, holds: true },
    { name: 'loss', mean: 0.35, holds: false },
    { name: 'f1Macro', holds: false },
  ])
})

it('is no part of what an experiment is', () => {
  expect(configHash(classify.with({ asserts: { accuracy: { atLeast: 0.5 } } }), 0)).toBe(configHash(classify, 0))
})

it.each([
  [{ recall: { atLeast: 0.5 } }, /asserts\.recall is no score of this experiment: there are loss, accuracy/],
  [{ loss: {} }, /asserts: loss .*give atLeast or atMost/],
])('refuses %j', (asserts, message) => {
  expect(() => classify.with({ asserts })).toThrow(message)
})

it('is refused where no test split would ever be looked at', async () => {
  const of = convolve.with({ asserts: { accuracy: { atLeast: 0.5 } } })
  await expect(prepare(of)).rejects.toThrow(/asserts are of test scores, and .* has no test split/)
})
