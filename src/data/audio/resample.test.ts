import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { resample } from './resample.ts'

const numbers = z.array(z.number())
const golden = z
  .array(z.strictObject({ from: z.number(), to: z.number(), x: numbers, y: numbers }))
  .parse(JSON.parse(readFileSync(new URL('fixtures/resample.json', import.meta.url), 'utf8')))

test.each(golden.map((one) => [one.from, one.to, one] as const))('%d to %d Hz as SciPy does', (from, to, { x, y }) => {
  const found = resample(Float32Array.from(x), from, to)
  expect(found).toHaveLength(y.length)
  for (const [i, value] of y.entries()) expect(found[i]).toBeCloseTo(value, 6)
})

const tone = (frequency: number, rate: number, length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate))
/** Largest magnitude away from the ends. */
const loudness = (x: Float32Array) => Math.max(...x.subarray(200, -200).map(Math.abs))

describe('a tone', () => {
  test.each([
    [440, 44_100, 16_000],
    [7000, 44_100, 16_000],
    [3000, 8000, 44_100],
  ])('of %d Hz stays the same from %d to %d samples a second', (frequency, from, to) => {
    const found = resample(tone(frequency, from, from / 4), from, to)
    const expected = tone(frequency, to, found.length)
    const error = found.map((value, i) => value - (expected[i] ?? 0))
    expect(loudness(error)).toBeLessThan(1e-3)
  })
  test.each([9000, 12_000, 20_000])(
    'of %d Hz is gone at 16,000 samples a second, and is no other tone',
    (frequency) => {
      expect(loudness(resample(tone(frequency, 44_100, 11_025), 44_100, 16_000))).toBeLessThan(1e-3)
    },
  )
})

test('the same rate is the same sound', () => {
  const x = tone(5, 100, 20)
  expect(resample(x, 100, 100)).toBe(x)
})
