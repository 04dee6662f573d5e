import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { foldIn, key, keyData, keyFromData, randomBits, split } from './key.ts'

const seed = fc.maxSafeNat()
const words = (from: ReturnType<typeof key>, n: number) => [...randomBits(from, new Uint32Array(n))]

test('golden bits: a change of these changes every run ever made', () => {
  expect(words(key(0), 3)).toMatchInlineSnapshot(`
    [
      1797259609,
      2579123966,
      1351547692,
    ]
  `)
  expect(keyData(foldIn(key(42), 'weights'))).toMatchInlineSnapshot(`
    Uint32Array [
      2193042063,
      452173322,
    ]
  `)
  expect(keyData(foldIn(key(42), 7))).toMatchInlineSnapshot(`
    Uint32Array [
      1831707867,
      938289494,
    ]
  `)
  expect(split(key(42), 2)).toMatchInlineSnapshot(`
    [
      {
        "high": 495749804,
        "low": 3108096580,
      },
      {
        "high": 4132553407,
        "low": 2864921607,
      },
    ]
  `)
})

test('both halves of the seed count', () => {
  expect(key(1 + 2 ** 32)).toEqual({ low: 1, high: 1 })
  expect(words(key(1), 2)).not.toEqual(words(key(1 + 2 ** 32), 2))
})

test('children differ from one another, from their parent and from what the parent draws', () => {
  const parent = key(12)
  const children = [
    parent,
    ...split(parent, 100),
    ...Array.from({ length: 100 }, (_, i) => foldIn(parent, i)),
    ...Array.from({ length: 100 }, (_, i) => foldIn(parent, i + 2 ** 32)),
    ...Array.from({ length: 100 }, (_, i) => foldIn(parent, `${i}`)),
  ]
  const drawn = words(parent, 1000)
  const pairs = new Set(Array.from({ length: 500 }, (_, i) => `${drawn[2 * i]} ${drawn[2 * i + 1]}`))
  for (const { low, high } of children) pairs.add(`${low} ${high}`)
  expect(pairs.size).toBe(children.length + 500)
})

test('the first keys of a larger split are those of a smaller one', () => {
  expect(split(key(3), 9).slice(0, 4)).toEqual(split(key(3), 4))
})

test('text is folded in as UTF-8, code point by code point', () => {
  const names = ['', 'a', 'b', 'ab', 'ba', 'é', 'e\u0301', '数', '0']
  expect(new Set(names.map((name) => JSON.stringify(foldIn(key(0), name)))).size).toBe(names.length)
})

test('the first k words of a longer draw are those of a shorter one', () => {
  fc.assert(
    fc.property(seed, fc.nat(70), fc.nat(70), (s, a, b) => {
      const [short, long] = a < b ? [a, b] : [b, a]
      expect(words(key(s), long).slice(0, short)).toEqual(words(key(s), short))
    }),
  )
})

test('key data go there and back', () => {
  fc.assert(
    fc.property(seed, (s) => {
      expect(keyFromData(keyData(key(s)))).toEqual(key(s))
    }),
  )
})

test.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %d as seed, as number to fold in and as count', (bad) => {
  expect(() => key(bad)).toThrow(UsageError)
  expect(() => foldIn(key(0), bad)).toThrow(`${bad}`)
  expect(() => split(key(0), bad)).toThrow(UsageError)
})

test.each([[[1]], [[1, 2, 3]], [[-1, 0]], [[0.5, 0]], [[0, 2 ** 32]]])('refuses %j as key data', (bad) => {
  expect(() => keyFromData(bad)).toThrow(UsageError)
})
