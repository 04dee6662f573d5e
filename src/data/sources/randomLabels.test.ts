import { expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { clouds, sine } from '../../testing/made.ts'
import { randomLabels } from '../index.ts'

const source = () => clouds({ samples: 3000, classes: 3, test: 90 })

it('draws training labels evenly, leaves samples and the test split alone, and does so again', async () => {
  const [plain, random, again] = await Promise.all([
    source().load(),
    randomLabels(source()).load(),
    randomLabels(source()).load(),
  ])
  expect(random.test.fingerprint).toBe(plain.test.fingerprint)
  expect(random.train.fingerprint).toBe(again.train.fingerprint)
  expect(random.train.fingerprint).not.toBe(plain.train.fingerprint)
  expect(random.train.inputs).toEqual(plain.train.inputs)
  const [own, drawn] = [plain.train.targets, random.train.targets]
  if (own.task !== 'classification' || drawn.task !== 'classification') throw new Error('there are classes')
  expect(drawn.classes).toEqual(own.classes)
  for (const label of [0, 1, 2]) {
    const all = drawn.labels.filter((one) => one === label).length
    expect(Math.abs(all / 3000 - 1 / 3)).toBeLessThan(0.03)
  }
  const kept = drawn.labels.filter((label, i) => label === own.labels[i]).length
  expect(Math.abs(kept / 3000 - 1 / 3)).toBeLessThan(0.03)
})

it('changes the share that is asked for, and other labels with another seed', async () => {
  const [plain, some, other] = await Promise.all([
    source().load(),
    randomLabels(source(), { share: 0.3 }).load(),
    randomLabels(source(), { share: 0.3, seed: 1 }).load(),
  ])
  const labels = ({ train: { targets } }: typeof plain) =>
    targets.task === 'classification' ? Array.from(targets.labels) : []
  const changed = labels(some).filter((label, i) => label !== labels(plain)[i]).length
  // Of those drawn anew, a third get what they had.
  expect(Math.abs(changed / 3000 - 0.2)).toBeLessThan(0.03)
  expect(labels(other)).not.toEqual(labels(some))
  expect((await randomLabels(source(), { share: 0 }).load()).train.fingerprint).toBe(plain.train.fingerprint)
})

it('says in its description what it is of', () => {
  expect(randomLabels(source(), { share: 0.5, seed: 2 })).toMatchObject({
    kind: 'randomLabels',
    config: { source: { kind: 'arrays' }, share: 0.5, seed: 2 },
  })
})

it('refuses regression, and options out of range', async () => {
  await expect(randomLabels(sine()).load()).rejects.toThrow('has numbers to predict and no classes')
  expect(() => randomLabels(source(), { share: 2 })).toThrow(UsageError)
  expect(() => randomLabels(source(), { share: 2 })).toThrow('share')
})
