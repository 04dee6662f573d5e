import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { type Key, key } from '../../random/key.ts'
import { createDataset, type Dataset } from '../dataset.ts'
import { type HoldOutOptions, holdOut as strategy } from './holdOut.ts'

const holdOut = (data: Dataset, { key: from, ...options }: HoldOutOptions & { readonly key: Key }) =>
  strategy(options).divide(data, from)

function labelled(labels: readonly number[], name = 'data'): Dataset {
  return createDataset({
    name,
    inputs: { data: Float32Array.from(labels, (_, i) => i), shape: [1] },
    targets: { task: 'classification', labels: Int32Array.from(labels), classes: ['a', 'b', 'c', 'd'] },
  })
}

/** At least two samples of each class that occurs, in any order. */
const labels = fc
  .array(fc.nat(3), { minLength: 4, maxLength: 200 })
  .map((drawn) => drawn.concat([...new Set(drawn)].flatMap((c) => [c, c])))

test('every sample is in exactly one part, in ascending order, and the count is met', () => {
  fc.assert(
    fc.property(labels, fc.nat(), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (drawn, seed, share) => {
      const validation = Math.min(drawn.length - 1, Math.max(1, Math.round(share * drawn.length)))
      const parts = holdOut(labelled(drawn), { validation, stratify: false, key: key(seed) })
      expect(parts.validation.length).toBe(validation)
      expect([...parts.train, ...parts.validation].sort((a, b) => a - b)).toEqual([...drawn.keys()])
      for (const part of [parts.train, parts.validation]) expect(part).toEqual(part.toSorted())
    }),
  )
})

test('stratified, each class gives its share to within one sample', () => {
  fc.assert(
    fc.property(labels, fc.nat(), fc.double({ min: 0.1, max: 0.5, noNaN: true }), (drawn, seed, validation) => {
      const count = Math.round(validation * drawn.length)
      const parts = holdOut(labelled(drawn), { validation, stratify: true, key: key(seed) })
      expect(parts.validation.length).toBe(count)
      expect([...parts.train, ...parts.validation].sort((a, b) => a - b)).toEqual([...drawn.keys()])
      for (let c = 0; c < 4; c++) {
        const size = drawn.filter((label) => label === c).length
        const held = parts.validation.filter((i) => drawn[i] === c).length
        expect(Math.abs(held - (size * count) / drawn.length)).toBeLessThan(1)
      }
    }),
  )
})

describe('the split depends on content and key, and on nothing else', () => {
  const drawn = Array.from({ length: 100 }, (_, i) => i % 4)
  test.each([false, true])('stratify: %s', (stratify) => {
    const first = holdOut(labelled(drawn), { validation: 20, stratify, key: key(1) })
    expect(holdOut(labelled(drawn, 'renamed'), { validation: 20, stratify, key: key(1) })).toEqual(first)
    expect(holdOut(labelled(drawn), { validation: 0.2, stratify, key: key(1) })).toEqual(first)
    expect(holdOut(labelled(drawn), { validation: 20, stratify, key: key(2) })).not.toEqual(first)
    expect(holdOut(labelled(drawn.toReversed()), { validation: 20, stratify, key: key(1) })).not.toEqual(first)
  })

  test('a golden split: a change of it changes every run ever made', () => {
    const { validation } = holdOut(labelled(drawn), { validation: 8, stratify: true, key: key(0) })
    expect(validation.join(' ')).toMatchInlineSnapshot(`"20 25 26 54 64 65 71 79"`)
  })
})

test('samples are held out equally often', () => {
  const held = new Uint32Array(20)
  const trials = 2000
  const data = labelled(Array.from({ length: 20 }, (_, i) => i % 4))
  for (let seed = 0; seed < trials; seed++)
    for (const i of holdOut(data, { validation: 8, stratify: true, key: key(seed) }).validation)
      held[i] = (held[i] ?? 0) + 1
  // Binomial with p = 0.4: within 4.5 standard deviations for each of 20.
  for (const count of held) expect(Math.abs(count - 0.4 * trials)).toBeLessThan(4.5 * Math.sqrt(trials * 0.4 * 0.6))
})

test.each([
  [10, 'give a count from 1 to 9'],
  [0, 'validation is 0 of the 10 samples'],
  [0.01, 'validation is 0.01'],
  [0.99, 'leaves both parts a sample'],
  [2.5, 'validation is 2.5'],
  [-3, 'validation is -3'],
  [Number.NaN, 'validation is NaN'],
])('refuses to hold out %d of 10', (validation, message) => {
  const split = () => holdOut(labelled(Array<number>(10).fill(0)), { validation, key: key(0) })
  expect(split).toThrow(UsageError)
  expect(split).toThrow(message)
})

describe('refuses to stratify', () => {
  test('a class of one sample', () => {
    const split = () => holdOut(labelled([0, 0, 0, 1]), { validation: 1, stratify: true, key: key(0) })
    expect(split).toThrow('class b has one sample')
  })
  test('a class that would not be trained on', () => {
    const split = () => holdOut(labelled([0, 0, 0, 0, 0, 0, 1, 1]), { validation: 7, stratify: true, key: key(0) })
    expect(split).toThrow('all 2 samples of class b would be held out')
  })
  test('numbers', () => {
    const data = createDataset({
      name: 'sine',
      inputs: { data: Float32Array.of(1, 2), shape: [1] },
      targets: { task: 'regression', values: Float32Array.of(1, 2), shape: [] },
    })
    expect(() => holdOut(data, { validation: 1, stratify: true, key: key(0) })).toThrow('sine has numbers as targets')
    expect(holdOut(data, { validation: 1, key: key(0) }).train.length).toBe(1)
  })
})
