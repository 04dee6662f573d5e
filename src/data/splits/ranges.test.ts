import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatRanges, parseRanges } from './ranges.ts'

it('writes runs as ranges, and reads back what it wrote', () => {
  expect(formatRanges(Uint32Array.of(0, 1, 2, 7, 9, 10))).toBe('0-2 7 9-10')
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (drawn) => {
      const numbers = Uint32Array.from(drawn).sort()
      expect(parseRanges(formatRanges(numbers))).toEqual(numbers)
    }),
  )
})

it.each(['1,2', '3-1', '5 4', '2 2', '0-3 3', '-1', ' 1', 'x'])('refuses %j', (text) => {
  expect(() => parseRanges(text)).toThrow(/does not fit: write ascending whole numbers and ranges/)
})
