import { expect, it } from 'vitest'
import '../index.ts'
import { type Augmentation, augment, standardize } from '../data/index.ts'
import { convolve, trained } from '../testing/experiments.ts'
import { fitPopulation, prepare } from './index.ts'

/** Notes what it is given, and makes every number 1. */
function spy() {
  const seen: { readonly key: number; readonly first: number }[] = []
  const augmentation: Augmentation = {
    kind: 'spy',
    config: {},
    augmenter: () => (batch, key) => {
      seen.push({ key: key.low, first: batch[0] ?? -1 })
      batch.fill(1)
    },
  }
  return { seen, augmentation }
}

it('training samples are augmented, each step by a key of its own; evaluation and the data are left alone', async () => {
  const { seen, augmentation } = spy()
  const of = convolve.with({ prepare: [augmentation, standardize()], split: { validation: 8 } })
  const { prepared, evaluate } = await trained(of, 0)
  // Two epochs of 36 samples in batches of 16.
  expect(seen).toHaveLength(6)
  expect(new Set(seen.map(({ key }) => key)).size).toBe(6)
  // Had the data set itself been changed, the second epoch would have begun with ones.
  expect(seen.every(({ first }) => first !== 1)).toBe(true)
  const { predictions } = await evaluate(prepared.validation)
  expect(seen).toHaveLength(6)
  if (predictions.task !== 'classification') throw new Error('not classes')
  expect(new Set(predictions.scores).size).toBeGreaterThan(2)
  expect(prepared.transforms.map(({ kind }) => kind)).toEqual(['standardize'])
})

it('augmented training is a function of the seed, alone and in a population', async () => {
  const of = convolve.with({ prepare: [augment({ shift: 1, rotate: 10, noise: 4 }), standardize()] })
  const [once, again, plain] = [await trained(of, 3), await trained(of, 3), await trained(convolve, 3)]
  expect(again.losses).toEqual(once.losses)
  expect(plain.losses[0]).not.toBe(once.losses[0])
  const losses: number[] = []
  await fitPopulation(of, await prepare(of), [{ seed: 0 }, { seed: 3 }], {
    onStep: ({ member, loss }) => {
      if (member === 1) losses.push(loss)
    },
  })
  expect(losses).toEqual(once.losses.map((loss) => expect.closeTo(loss, 3)))
})

it('augmentation comes first', async () => {
  expect(() => convolve.with({ prepare: [standardize(), augment({ shift: 1 })] })).toThrow(
    'experiment: "prepare.1" is augment() after standardize(): put it first, because it changes samples as they are stored',
  )
  const { augmentation } = spy()
  const two = await prepare(convolve.with({ prepare: [augment({ shift: 1 }), augmentation, standardize()] }))
  expect(two.augment).toBeDefined()
  expect((await prepare(convolve)).augment).toBeUndefined()
})
