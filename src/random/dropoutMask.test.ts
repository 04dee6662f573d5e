import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { fillDropoutMask } from './dropoutMask.ts'
import { foldIn, key } from './key.ts'
import { uniform } from './uniform.ts'

const mask = (seed: number, n: number, p: number) => fillDropoutMask(key(seed), new Float32Array(n).fill(9), p)

/** As dropout is defined: uniform numbers of float32 compared with p as float32. */
const compared = (seed: number, n: number, p: number) =>
  uniform(key(seed), n).map((u) => (u >= Math.fround(p) ? 1 / (1 - p) : 0))

const step = 2 ** -24
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  // Neighbours of what a uniform number can be.
  fc.tuple(fc.nat(2 ** 24 - 1), fc.constantFrom(-1e-12, 0, 1e-12)).map(([k, more]) => Math.max(0, k * step + more)),
)

test('drops what a comparison of uniform numbers with p drops, in short draws and in long ones', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.constantFrom(0, 1, 7, 511, 512, 700), probability, (seed, n, p) => {
      expect(mask(seed, n, p)).toEqual(compared(seed, n, p))
    }),
  )
})

test.each([511, 100_000])('decides at p where a number equals it, among %i numbers', (n) => {
  const numbers = uniform(key(5), n)
  for (const at of [0, 1, 300, 510]) {
    const p = numbers[at] ?? 0
    expect(mask(5, n, p)[at]).toBeGreaterThan(0)
    expect(mask(5, n, p + step)[at]).toBe(0)
  }
})

test('keeps all at 0 and drops all where p rounds to 1', () => {
  expect(new Set(mask(1, 5000, 0))).toEqual(new Set([1]))
  expect(new Set(mask(1, 5000, 1 - 2 ** -40))).toEqual(new Set([0]))
})

test.each([0.1, 0.5, 0.9])('drops a share of %d of every step, other numbers each time', (p) => {
  const [n, steps] = [20_000, 5]
  const five = 5 * Math.sqrt(p * (1 - p) * n)
  const masks = Array.from({ length: steps }, (_, s) => fillDropoutMask(foldIn(key(0), s), new Float32Array(n), p))
  for (const [s, one] of masks.entries()) {
    expect(Math.abs(one.filter((x) => x === 0).length - p * n)).toBeLessThan(five)
    const next = masks[s + 1]
    const expected = p * p * n
    if (next) {
      const both = one.filter((x, i) => x === 0 && next[i] === 0).length
      expect(Math.abs(both - expected)).toBeLessThan(5 * Math.sqrt(expected))
    }
  }
})

test.each([-0.1, 1, 1.5, Number.NaN])('refuses %d', (p) => {
  expect(() => mask(0, 1, p)).toThrow(UsageError)
  expect(() => mask(0, 1, p)).toThrow(`p is ${p}`)
})

test('golden values: a change of these changes every run ever made', () => {
  expect([...mask(42, 12, 0.25)]).toMatchInlineSnapshot(`
    [
      1.3333333730697632,
      1.3333333730697632,
      0,
      1.3333333730697632,
      1.3333333730697632,
      0,
      0,
      1.3333333730697632,
      1.3333333730697632,
      0,
      1.3333333730697632,
      0,
    ]
  `)
})
