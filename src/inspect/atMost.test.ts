import { expect, it } from 'vitest'
import { classify } from '../testing/experiments.ts'
import { prepare } from '../train/index.ts'
import { atMost } from './index.ts'

it('draws some samples of a split by chance, and says how many', async () => {
  const { train } = await prepare(classify)
  const all = { ...train, name: 'made, train split', labelled: true, leftOut: [], notes: [] }
  const { length } = all.indices
  expect(atMost(all, undefined)).toBe(all)
  expect(atMost(all, length)).toBe(all)
  const few = atMost(all, 5)
  expect(few.name).toBe(`made, train split, 5 of ${length} samples`)
  expect(new Set(few.indices).size).toBe(5)
  for (const index of few.indices) expect(all.indices).toContain(index)
  // Not the first ones, which may all be of one class.
  expect(few.indices).not.toEqual(all.indices.slice(0, 5))
  expect(atMost(all, 5).indices).toEqual(few.indices)
  expect(atMost(all, 5, 1).indices).not.toEqual(few.indices)
})
