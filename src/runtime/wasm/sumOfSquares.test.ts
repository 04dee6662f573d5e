import { describe, expect, it } from 'vitest'
import { key, normal } from '../../random/index.ts'
import { makeArena } from './arena.ts'
import { SUMS_BYTES, sumOfSquaresLoop } from './sumOfSquares.ts'

function sumOf(numbers: Float32Array): number {
  const padded = Math.ceil(numbers.length / 4) * 4
  const { memory, sections } = makeArena({ before: 7, numbers: padded, sums: SUMS_BYTES / 4 })
  sections.before.view.fill(1e30)
  sections.numbers.view.set(numbers)
  return sumOfSquaresLoop(memory)(sections.numbers.address, padded, sections.sums.address)
}

describe('sums of squares', () => {
  it.each([0, 1, 4, 5, 1000, 4099])('of %d numbers are those of JavaScript', (length) => {
    const numbers = normal(key(length), length)
    const expected = numbers.reduce((sum, value) => sum + value * value, 0)
    expect(sumOf(numbers)).toBeCloseTo(expected, 9)
  })

  it('fit where float32 would not', () => {
    expect(sumOf(Float32Array.of(3e38, 0, 0, 3e38))).toBeCloseTo(2 * Math.fround(3e38) ** 2, -70)
    expect(sumOf(Float32Array.of(1e-40, 0))).toBeGreaterThan(0)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('let %d through', (wrong) => {
    for (let place = 0; place < 6; place++) {
      const numbers = new Float32Array(6).fill(2)
      numbers[place] = wrong
      expect(Number.isFinite(sumOf(numbers))).toBe(false)
    }
  })
})
